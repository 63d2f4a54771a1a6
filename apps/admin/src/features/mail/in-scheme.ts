/** The colour scheme of the preview. */
export type Scheme = 'light' | 'dark'

/** Rewrites the mail for a colour scheme. A frame follows the system's scheme, not its page's. */
export function inScheme(html: string, scheme: Scheme): string {
  return html
    .replace(/\(prefers-color-scheme:\s*dark\)/g, scheme === 'dark' ? 'all' : 'not all')
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replace(/color-scheme:\s*light dark/g, `color-scheme: ${scheme}`)
}
