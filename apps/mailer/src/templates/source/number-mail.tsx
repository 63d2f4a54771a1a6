import { Body, Button, Container, Head, Heading, Html, Img, Section, Text } from '@react-email/components'

const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace"

/** Dark mode and small screens, where a mail program knows them; the inline styles are for all the others. */
const SHEET = `:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #14171a !important; }
  .card { background-color: #1f2428 !important; border-right-color: #363c42 !important; border-bottom-color: #363c42 !important; border-left-color: #363c42 !important; }
  .strong { color: #f2f4f5 !important; }
  .text { color: #c9ced3 !important; }
  .quiet { color: #9aa2aa !important; }
  .number { background-color: #14171a !important; border-color: #4a525a !important; color: #ffffff !important; }
}
@media (max-width: 400px) {
  .cell { padding: 24px 16px !important; }
  .number { font-size: 25px !important; padding: 16px 6px !important; }
  .button { display: block !important; }
}`

export interface NumberMailProps {
  readonly logo: boolean
  readonly link: boolean
}

/**
 * The HTML form of the mail. Whatever stands in double braces is put in when a mail is compiled for a tenant and a language; logo
 * and link are there or not, so each combination is rendered ahead.
 */
export function NumberMail({ logo, link }: NumberMailProps) {
  return (
    <Html lang="{{language}}">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>{'{{heading}}'}</title>
        <style>{SHEET}</style>
      </Head>
      <Body className="page" style={{ margin: 0, padding: 0, backgroundColor: '#f1f3f5', fontFamily: SANS }}>
        <div style={{ display: 'none', overflow: 'hidden', maxHeight: 0, maxWidth: 0, opacity: 0 }}>
          {'{{firstLine}}'}
        </div>
        <Section className="page" style={{ backgroundColor: '#f1f3f5', padding: '24px 12px' }}>
          <Container className="card" style={card}>
            <Section className="cell" style={{ padding: '28px 32px 32px' }}>
              {logo ? (
                <Img src="{{logo}}" alt="{{tenant}}" height="40" style={{ margin: '0 0 20px' }} />
              ) : null}
              <Heading className="strong" style={heading}>
                {'{{heading}}'}
              </Heading>
              <Text className="number" style={number}>
                {'{{number}}'}
              </Text>
              {link ? (
                <Section style={{ margin: '0 0 20px', textAlign: 'center' }}>
                  <Button className="button" href="{{link}}" style={button}>
                    {'{{openPage}}'}
                  </Button>
                </Section>
              ) : null}
              <Text className="text" style={text}>
                {'{{whatToDo}}'}
              </Text>
              <Text className="text" style={{ ...text, margin: '0 0 20px' }}>
                {'{{keepItSecret}}'}
              </Text>
              <Text className="quiet" style={quiet}>
                {'{{notYou}}'}
              </Text>
            </Section>
          </Container>
        </Section>
      </Body>
    </Html>
  )
}

const card = {
  maxWidth: '480px',
  backgroundColor: '#ffffff',
  border: '1px solid #dee2e6',
  borderTop: '4px solid {{colour}}',
  borderRadius: '12px',
} as const

const heading = {
  margin: '0 0 20px',
  fontSize: '20px',
  lineHeight: '28px',
  fontWeight: 600,
  color: '#1a1d20',
  overflowWrap: 'anywhere',
} as const

const number = {
  margin: '0 0 20px',
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
  userSelect: 'all',
} as const

const button = {
  padding: '12px 24px',
  backgroundColor: '{{colour}}',
  color: '{{onColour}}',
  borderRadius: '8px',
  fontSize: '16px',
  lineHeight: '24px',
  fontWeight: 600,
  textDecoration: 'none',
} as const

const text = {
  margin: '0 0 12px',
  fontSize: '16px',
  lineHeight: '24px',
  color: '#343a40',
  overflowWrap: 'anywhere',
} as const

const quiet = { margin: 0, fontSize: '14px', lineHeight: '20px', color: '#5c636a' } as const
