import type { Attachment } from 'postal-mime'

export interface ViewOptions {
  /** URL of each embedded part by its content id. */
  readonly parts: ReadonlyMap<string, string>
  /** Links open a tab of their own, because the view stands in a frame. */
  readonly opensTabs: boolean
  /** Shows the mail as in this colour scheme. A frame follows the system's scheme, not its page's. */
  readonly scheme: 'light' | 'dark' | undefined
}

/** The URL of each part that has a content id; of two with the same id the first counts. */
export function contentIds(attachments: readonly Attachment[], prefix: string): Map<string, string> {
  const urls = attachments.flatMap(({ contentId }, index): [string, string][] =>
    contentId === undefined ? [] : [[contentId.replace(/^<|>$/g, ''), `${prefix}${index + 1}`]],
  )
  return new Map(urls.reverse())
}

/** The mail's HTML with its embedded pictures linked. */
export function htmlForView(html: string, { parts, opensTabs, scheme }: ViewOptions): string {
  const linked = html.replace(
    /((?:=|\burl\()\s*["']?)cid:([^"'()\s>]+)/gi,
    (written, before: string, id: string) => {
      const url = parts.get(id) ?? parts.get(decoded(id))
      return url === undefined ? written : `${before}${url}`
    },
  )
  const shown = scheme === undefined ? linked : inScheme(linked, scheme)
  return opensTabs ? withBase(shown) : shown
}

/** A doctype must stay first, or the mail is laid out by the rules of old browsers. */
function withBase(html: string): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? ''
  return `${doctype}<base target="_blank">${html.slice(doctype.length)}`
}

function inScheme(html: string, scheme: 'light' | 'dark'): string {
  return html
    .replaceAll(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, asked: string) =>
      asked.toLowerCase() === scheme ? 'all' : 'not all',
    )
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replaceAll(/color-scheme:\s*light dark/gi, `color-scheme: ${scheme}`)
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
