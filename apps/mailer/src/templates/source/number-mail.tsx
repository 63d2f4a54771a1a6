import type { CSSProperties, ReactNode } from 'react'
import { MsoFonts, MsoWidth } from './mso.tsx'

const SANS = '-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const MONO = 'SFMono-Regular,Menlo,Consolas,Courier New,monospace'

/** Dark mode and small screens, for mail programs that support them. The inline styles serve all others. */
const SHEET = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.page{background-color:#14171a!important}
.card{background-color:#1f2428!important;border-color:#363c42!important}
.strong{color:#f2f4f5!important}
.text{color:#c9ced3!important}
.quiet{color:#9aa2aa!important}
.number{background-color:#14171a!important;border-color:#4a525a!important;color:#fff!important}
}
@media (max-width:400px){
.cell{padding:24px 16px!important}
.number{font-size:24px!important;padding:16px 4px!important}
}`

export interface NumberMailProps {
  readonly logo: boolean
  readonly link: boolean
}

/**
 * The HTML form of the mail. Double braces are filled in when a mail is compiled for a tenant and a language.
 * Logo and link are optional, so each combination is rendered in advance.
 */
export function NumberMail({ logo, link }: NumberMailProps) {
  return (
    // biome-ignore lint/a11y/useValidLang: it is put in when a mail is compiled
    <html lang="{{language}}" dir="{{direction}}">
      <head>
        <meta httpEquiv="Content-Type" content="text/html; charset=UTF-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>{'{{heading}}'}</title>
        <style>{SHEET}</style>
        <MsoFonts />
      </head>
      <body className="page" style={{ margin: 0, padding: 0, backgroundColor: '#f1f3f5' }}>
        <div style={{ display: 'none', overflow: 'hidden', maxHeight: 0, maxWidth: 0, opacity: 0 }}>
          {'{{preview}}'}
        </div>
        <Cell
          className="page"
          style={{ padding: '24px 12px', backgroundColor: '#f1f3f5' }}
          dir="{{direction}}"
        >
          <MsoWidth>
            <Table className="card" style={card}>
              <td
                style={{ height: '4px', fontSize: '1px', lineHeight: '4px', backgroundColor: '{{colour}}' }}
              >
                &nbsp;
              </td>
              <td className="cell" style={{ padding: '28px 32px 32px', fontFamily: SANS }}>
                {logo ? (
                  <img
                    src="{{logo}}"
                    alt="{{tenant}}"
                    height="40"
                    style={{ display: 'block', margin: '0 0 20px' }}
                  />
                ) : null}
                <h1 className="strong" style={heading}>
                  {'{{heading}}'}
                </h1>
                <Cell className="number" style={number} dir="ltr">
                  {'{{number}}'}
                </Cell>
                {link ? <Button /> : null}
                <p className="text" style={text}>
                  {'{{intro}}'}
                </p>
                <p className="text" style={text}>
                  {'{{keepItSecret}}'}
                </p>
                <p className="quiet" style={quiet}>
                  {'{{footer}}'}
                </p>
              </td>
            </Table>
          </MsoWidth>
        </Cell>
      </body>
    </html>
  )
}

/** A layout table with one row for each cell, which every mail program can render. */
function Table({ children, className, style }: Styled) {
  const cells = Array.isArray(children) ? children : [children]
  return (
    <table
      role="presentation"
      align="center"
      width="100%"
      cellPadding="0"
      cellSpacing="0"
      className={className}
      style={style}
    >
      <tbody>
        {cells.map((cell, i) => (
          <tr key={i}>{cell}</tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({ children, className, style, dir }: Styled & { readonly dir: string }) {
  return (
    <Table>
      <td className={className} style={style} dir={dir}>
        {children}
      </td>
    </Table>
  )
}

/**
 * Word takes the padding from the cell. Other programs take it from the link, so that all of it is clickable.
 */
function Button() {
  const cell = { backgroundColor: '{{colour}}', borderRadius: '8px', msoPaddingAlt: '12px 24px' }
  return (
    <table
      role="presentation"
      align="center"
      cellPadding="0"
      cellSpacing="0"
      style={{ margin: '20px auto 0' }}
    >
      <tbody>
        <tr>
          <td align="center" style={cell}>
            <a href="{{link}}" style={button}>
              {'{{openPage}}'}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  )
}

interface Styled {
  readonly children: ReactNode
  readonly className?: string
  readonly style?: CSSProperties
}

const card = {
  maxWidth: '480px',
  backgroundColor: '#ffffff',
  border: '1px solid #dee2e6',
  borderCollapse: 'separate',
  borderRadius: '12px',
  overflow: 'hidden',
} as const

const heading = {
  margin: '0 0 20px',
  fontSize: '20px',
  lineHeight: '28px',
  color: '#1a1d20',
  wordBreak: 'break-word',
} as const

const number = {
  padding: '18px 8px',
  backgroundColor: '#f8f9fa',
  border: '1px solid #ced4da',
  borderRadius: '8px',
  fontFamily: MONO,
  fontSize: '30px',
  lineHeight: '40px',
  fontWeight: 700,
  textAlign: 'center',
  color: '#0b0d0f',
} as const

const button = {
  display: 'inline-block',
  padding: '12px 24px',
  color: '{{onColour}}',
  fontSize: '16px',
  lineHeight: '24px',
  fontWeight: 700,
  textDecoration: 'none',
} as const

const text = {
  margin: '20px 0 0',
  fontSize: '16px',
  lineHeight: '24px',
  color: '#343a40',
  wordBreak: 'break-word',
} as const

const quiet = { ...text, fontSize: '14px', lineHeight: '20px', color: '#5c636a' } as const
