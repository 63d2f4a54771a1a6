/** What a search text asks for. `incomplete`: nothing can be found by it. */
export type SearchTerms =
  | { readonly kind: 'all' | 'incomplete' }
  | { readonly kind: 'email' | 'domain' | 'id' | 'request'; readonly value: string }

const IDENTITY_ID = /^[a-z][a-z0-9-]{1,39}\.[\w-]{16,}$/
const REQUEST_ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const DOMAIN = /^@?[^\s@]+\.[^\s@.]{2,}$/
const EMAIL = /.@./

/** Reads what somebody typed: a whole address, a domain, or the id of an identity or a request. */
export function readSearch(text: string): SearchTerms {
  const value = text.trim()
  if (value === '') return { kind: 'all' }
  if (REQUEST_ID.test(value)) return { kind: 'request', value }
  if (IDENTITY_ID.test(value)) return { kind: 'id', value }
  if (DOMAIN.test(value)) return { kind: 'domain', value: value.replace('@', '') }
  return EMAIL.test(value) ? { kind: 'email', value } : { kind: 'incomplete' }
}

const LOOKS_WHOLE = /.@.+\.|^@.+\../

/** Whether a pause in typing starts the search. Half an address can look like a domain without its `@`. */
export function isWhole(text: string): boolean {
  return text === '' || LOOKS_WHOLE.test(text)
}
