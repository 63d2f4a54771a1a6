import { cutText, oneLine } from '@emailauth/contracts/cut-text'
import { type RelayAuth, secretsOf } from './relay-auth.ts'

const MAX_LENGTH = 300
/** The local part may be in quotes (toMailbox). */
const QUOTE = '"?'
/** What may be an answer of AUTH. */
const BASE64 = /[A-Za-z0-9+/]{4,}={0,2}/g
/** Used when the number is not known: everything that looks like a number is removed. */
const ANY_NUMBER = /\d(?:[ -]?\d){5,}/g

/** What a reply may repeat of a mail. */
export interface ReplySecrets {
  readonly email: string
  readonly number?: string
}

/**
 * An SMTP reply that is safe to store and show: one short line, without address and number. The relays have
 * removed their credentials from it ({@link withoutSignIn}).
 */
export function withoutSecrets(reply: string, { email, number }: ReplySecrets): string {
  const line = oneLine(reply)
  return cutText(withoutNumber(withoutAddress(line, email), number), MAX_LENGTH)
}

// Most replies are a short "OK". Looking first costs a fraction of building a pattern.

/**
 * Removes credentials that a relay's reply repeats: in plain text, and as AUTH sends them, because some
 * relays quote a command that they do not understand.
 */
export function withoutSignIn(reply: string, auth: RelayAuth | undefined): string {
  if (auth === undefined) return reply
  const secrets = secretsOf(auth)
  const encoded = (run: string) => secrets.some((secret) => Buffer.from(run, 'base64').includes(secret))
  const line = secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), reply)
  return line.replace(BASE64, (run) => (encoded(run) ? '…' : run))
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
