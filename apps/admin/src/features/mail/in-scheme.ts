/** The colours in which a mail is looked at. */
export type Scheme = 'light' | 'dark'

/** The mail as a reader with these colours shows it. A frame would ask the system for its colours, whatever the page around it has. */
export function inScheme(html: string, scheme: Scheme): string {
  return html
    .replaceAll('(prefers-color-scheme: dark)', scheme === 'dark' ? 'all' : 'not all')
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`)
}
