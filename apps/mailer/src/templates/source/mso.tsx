import { createElement, type ReactNode } from 'react'

/**
 * Conditional comments for Outlook on Windows, which renders with Word: it uses only the first font and no
 * `max-width`.
 */
const COMMENTS = {
  fonts:
    '<style>td,h1,p,a{font-family:Segoe UI,Arial,sans-serif!important}.number{font-family:Consolas,monospace!important}</style>',
  open: '<table role="presentation" align="center" width="480"><tr><td>',
  close: '</td></tr></table>',
} as const

/**
 * React cannot write conditional comments, so elements mark their positions and {@link withMso} replaces
 * them.
 */
const mark = (name: keyof typeof COMMENTS) => createElement(`mso-${name}`)

export const MsoFonts = () => mark('fonts')

/** A table of the right width around the content, for Word only. */
export function MsoWidth({ children }: { readonly children: ReactNode }) {
  return (
    <>
      {mark('open')}
      {children}
      {mark('close')}
    </>
  )
}

/** Replaces the marks by conditional comments. */
export function withMso(html: string): string {
  return html.replace(
    /<mso-(\w+)><\/mso-\w+>/g,
    (_, name: keyof typeof COMMENTS) => `<!--[if mso]>${COMMENTS[name]}<![endif]-->`,
  )
}
