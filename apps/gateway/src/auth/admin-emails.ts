import { domainToASCII } from 'node:url'

/** The addresses of admins, as `EMAILAUTH_ADMIN_EMAILS` names them. */
export interface AdminEmails {
  has(email: string): boolean
}

export function createAdminEmails(emails: readonly string[]): AdminEmails {
  const known = new Set(emails.map(normalise))
  return { has: (email) => known.has(normalise(email)) }
}

/** The form in which two ways of writing one address are the same: local part without case, domain in punycode. */
export function normalise(email: string): string {
  const text = email.trim()
  const at = text.lastIndexOf('@')
  return `${text.slice(0, at).toLowerCase()}@${domainToASCII(text.slice(at + 1))}`
}
