/** Where the next URL of a list begins. A comma alone may be one of a password. */
const NEXT = /,(?=\s*[a-z][a-z0-9+.-]*:\/\/)/i
const URL_PARTS = /^(\s*[a-z][a-z0-9+.-]*:\/\/)(.*)$/is
/** A host, or the hosts of Sentinels, and a path. */
const HOSTS = /^(?:(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?(?:,|(?=\/|$)))*(?:\/[\w./-]*)?$/i
const HIDDEN = '…'

/**
 * A URL of Redis or SMTP for logs and terminals, or a comma-separated list of them: without user, password
 * and options. It need not be valid: somebody whose password has an unescaped `/` or `@` looks for that
 * mistake. Where the password cannot be told from the rest, only the scheme remains.
 */
export function withoutPassword(urls: string): string {
  return urls.split(NEXT).map(withoutPasswordInOne).join(',')
}

function withoutPasswordInOne(url: string): string {
  const [, scheme, rest = ''] = URL_PARTS.exec(url) ?? []
  if (scheme === undefined) return HIDDEN
  // The URL parser takes the last @ too.
  const at = rest.lastIndexOf('@')
  const query = rest.indexOf('?')
  if (query !== -1 && query < at) return `${scheme}${HIDDEN}`
  const shown = rest.slice(at + 1, query === -1 ? undefined : query)
  if (!HOSTS.test(shown)) return `${scheme}${HIDDEN}`
  return `${scheme}${at === -1 ? '' : `${HIDDEN}@`}${shown}${query === -1 ? '' : `?${HIDDEN}`}`
}
