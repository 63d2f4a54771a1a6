import { MAIL_PROVIDERS, type MailProvider } from './mail-providers.ts'

const PLUS = '+'
const providerOf = new Map(
  MAIL_PROVIDERS.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
)

/**
 * Maps all aliases of a mailbox to one key, by which the limits count. Mail is never sent to this key.
 *
 * @param key an address as `readEmailAddress` compares it.
 */
export function canonicalKey(key: string): string {
  const at = key.lastIndexOf('@')
  const domain = key.slice(at + 1)
  const provider = providerOf.get(domain)
  if (provider !== undefined) return canonicalAt(provider, domain, key.slice(0, at))
  // `anything@name.example.com`, where example.com is a provider's own domain
  const dot = domain.indexOf('.')
  const parent = domain.slice(dot + 1)
  const parents = providerOf.get(parent)
  if (parents?.subdomains) return canonicalAt(parents, parent, domain.slice(0, dot))
  return `${withoutTag(key.slice(0, at), PLUS)}${key.slice(at)}`
}

function canonicalAt(provider: MailProvider, domain: string, local: string): string {
  const { sameUnderAll, ignored = '', alike = '', tag } = provider
  const untagged = withoutTag(withoutTag(local, PLUS), tag)
  const kept = [...untagged].filter((character) => !ignored.includes(character))
  const letters = kept.map((character) => (alike.includes(character) ? alike[0] : character))
  const name = letters.length === 0 ? local : letters.join('')
  return `${name}@${sameUnderAll ? provider.domains[0] : domain}`
}

/** Cuts the tag off. A local part that begins with the separator has no tag. */
function withoutTag(local: string, separator: string | undefined): string {
  const from = separator === undefined ? -1 : local.indexOf(separator)
  return from > 0 ? local.slice(0, from) : local
}
