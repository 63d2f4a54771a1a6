import { emailKey } from '@emailauth/contracts/email-address'

/** The addresses of admins, as `EMAILAUTH_ADMIN_EMAILS` names them. */
export interface AdminEmails {
  has(email: string): boolean
}

export function createAdminEmails(emails: readonly string[]): AdminEmails {
  const known = new Set(emails.map(normalise))
  return { has: (email) => known.has(normalise(email)) }
}

/** The form in which two ways of writing one address are the same, as `register` compares them. */
export const normalise = emailKey
