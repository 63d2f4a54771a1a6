import { posix } from 'node:path'

const REPOSITORY = 'https://github.com/emailauth/emailauth'

/** The anchor that GitHub gives a heading; the site uses the same, so that one link works in both. */
export function slugify(heading) {
  const text = heading.replace(/<[^>]*>/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

/**
 * Where a link of a page leads on the site: pages and pictures of `docs` stay, the repository shows whatever
 * lies outside.
 *
 * @param {string} page such as `es/index.md`
 * @param {string} href as it is written
 */
export function siteLink(page, href) {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href
  const [path = '', anchor] = href.split('#')
  const inRepository = posix.join('docs', posix.dirname(page), path)
  const isOurs = inRepository.startsWith('docs/') && /\.(md|png|svg)$/.test(inRepository)
  if (isOurs) return href
  const kind = /\.[a-z]+$/i.test(path) ? 'blob' : 'tree'
  return `${REPOSITORY}/${kind}/main/${inRepository}${anchor === undefined ? '' : `#${anchor}`}`
}

/** Applies it to every link that markdown-it finds. */
export function rewriteLinks(markdown) {
  markdown.core.ruler.push('site-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href !== null) token.attrSet('href', siteLink(env.relativePath ?? 'index.md', href))
    }
  })
}
