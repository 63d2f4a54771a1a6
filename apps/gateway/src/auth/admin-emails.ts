import { emailKey } from '@emailauth/contracts/email-address'

/** The addresses of admins, as `EMAILAUTH_ADMIN_EMAILS` and `EMAILAUTH_READ_ONLY_ADMIN_EMAILS` name them. */
export interface AdminEmails {
  has(email: string): boolean
  /** Whether this admin changes nothing. One that both lists name does. */
  isReadOnly(email: string): boolean
}

/** Addresses are compared as `register` compares them. */
export function createAdminEmails(full: readonly string[], readOnly: readonly string[] = []): AdminEmails {
  const mayChange = new Set(full.map(normalise))
  const mayRead = new Set([...full, ...readOnly].map(normalise))
  return {
    has: (email) => mayRead.has(normalise(email)),
    isReadOnly: (email) => !mayChange.has(normalise(email)),
  }
}

/** The form in which two ways of writing one address are the same, as `register` compares them. */
export const normalise = emailKey
