const OPENABLE = /^(https?:|mailto:)/i

/**
 * @typedef {{ url: string, text: string, canOpen: boolean }} Link
 */

/**
 * The links of a mail, each address once: those of its HTML, else those written out in its text.
 * @param {string} html
 * @param {string} text
 * @returns {Link[]}
 */
export function linksOf(html, text) {
  const found = html === '' ? linksOfText(text) : linksOfHtml(html)
  const once = new Map(found.map((link) => [link.url, link]))
  return [...once.values()]
}

/**
 * A parsed document loads nothing and runs nothing.
 * @param {string} html
 */
function linksOfHtml(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  return [...parsed.querySelectorAll('a[href], area[href]')].map((anchor) =>
    linkOf(anchor.getAttribute('href')?.trim() ?? '', anchor.textContent?.replace(/\s+/g, ' ').trim() ?? ''),
  )
}

/** @param {string} text */
function linksOfText(text) {
  return (text.match(/\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/gi) ?? []).map((url) => linkOf(url, ''))
}

/**
 * @param {string} url
 * @param {string} text
 */
function linkOf(url, text) {
  return { url, text: text === url ? '' : text, canOpen: OPENABLE.test(url) }
}

/**
 * True when a mail shows pictures that other servers would have to send.
 * @param {string} html
 */
export function hasRemotePictures(html) {
  return /(?:src|background)\s*=\s*["']?\s*(?:https?:)?\/\/|url\(\s*["']?\s*(?:https?:)?\/\//i.test(html)
}
