/** The colour scheme of the preview. */
export type Scheme = 'light' | 'dark'

/** Rewrites the mail for a colour scheme. A frame follows the system's scheme, not its page's. */
export function inScheme(html: string, scheme: Scheme): string {
  return html
    .replaceAll('(prefers-color-scheme: dark)', scheme === 'dark' ? 'all' : 'not all')
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`)
}
