import { createElement, type ReactNode } from 'react'

/** Outlook for Windows draws with Word: of a list of fonts it knows the first only, and no `max-width`. */
const COMMENTS = {
  fonts:
    '<style>td,h1,p,a{font-family:Segoe UI,Arial,sans-serif!important}.number{font-family:Consolas,monospace!important}</style>',
  open: '<table role="presentation" align="center" width="480"><tr><td>',
  close: '</td></tr></table>',
} as const

/** React writes no conditional comments, so these stand in elements that {@link withMso} takes away. */
const mark = (name: keyof typeof COMMENTS) => createElement(`mso-${name}`)

export const MsoFonts = () => mark('fonts')

/** A table of the right width around its content, for Word only. */
export function MsoWidth({ children }: { readonly children: ReactNode }) {
  return (
    <>
      {mark('open')}
      {children}
      {mark('close')}
    </>
  )
}

/** The conditional comments in their places. */
export function withMso(html: string): string {
  return html.replace(
    /<mso-(\w+)><\/mso-\w+>/g,
    (_, name: keyof typeof COMMENTS) => `<!--[if mso]>${COMMENTS[name]}<![endif]-->`,
  )
}
