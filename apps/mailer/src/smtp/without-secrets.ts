import { cutText } from '@emailauth/contracts/cut-text'

const MAX_LENGTH = 300
const UNSHOWABLE = /[\p{C}\s]+/gu
/** The local part may be in quotes (toMailbox). */
const QUOTE = '"?'
/** Used when the number is not known: everything that looks like a number is removed. */
const ANY_NUMBER = /\d(?:[ -]?\d){5,}/g

/** Secrets that a reply may repeat. */
export interface ReplySecrets {
  readonly email: string
  readonly number?: string
  /** The credentials for a tenant's own server. */
  readonly auth?: { readonly user: string; readonly pass: string } | undefined
}

/** An SMTP reply that is safe to store and show: one short line, without address, number and credentials. */
export function withoutSecrets(reply: string, { email, number, auth }: ReplySecrets): string {
  const line = withoutSignIn(reply, auth).replace(UNSHOWABLE, ' ').trim()
  return cutText(withoutNumber(withoutAddress(line, email), number), MAX_LENGTH)
}

// Most replies are a short "OK". Looking first costs a fraction of building a pattern.

/** Removes credentials that a reply repeats. */
export function withoutSignIn(reply: string, auth: ReplySecrets['auth']): string {
  if (auth === undefined) return reply
  const secrets = [auth.pass, auth.user].filter((secret) => secret !== '')
  return secrets.reduce((line, secret) => line.replaceAll(secret, '…'), reply)
}

function withoutAddress(line: string, email: string): string {
  const local = email.slice(0, email.lastIndexOf('@'))
  if (!line.toLowerCase().includes(local.toLowerCase())) return line
  return line.replace(
    new RegExp(
      `${QUOTE}${escapeRegExp(local)}${QUOTE}${escapeRegExp(email.slice(local.length))}|(?<=<)${QUOTE}${escapeRegExp(local)}${QUOTE}(?=[@>])`,
      'giu',
    ),
    '…',
  )
}

function withoutNumber(line: string, number: string | undefined): string {
  if (number === undefined) return line.replace(ANY_NUMBER, '…')
  if (!line.replace(/[ -]/g, '').includes(number)) return line
  return line.replace(new RegExp([...number].join('[ -]?'), 'g'), '…')
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
