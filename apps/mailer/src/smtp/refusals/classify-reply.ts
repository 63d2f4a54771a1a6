import {
  NOT_THE_RECIPIENT,
  OTHER_CODES,
  RECIPIENT_CODES,
  RECIPIENT_TEXTS,
  type RefusalClass,
  type RefusalRow,
  SILENT_CODES,
} from './refusal-rules.ts'

/** A server's refusal: the command, the code and the whole reply. */
export interface Refusal {
  readonly command: string | undefined
  readonly code: number
  readonly text: string
}

/** At RCPT these codes may concern the mailbox even without an enhanced code (RFC 5321, 4.2.3). */
const MAILBOX_CODES = new Set([550, 551, 553])
/** Codes about command order and syntax. 555: unknown parameters. */
const PROTOCOL_CODES = /^50[0-4]$|^555$/
const CREDENTIAL_CODES = /^53[0-8]$/

/** Only this many characters are read, because a hostile reply could be long. */
const READ_CHARACTERS = 2000

/**
 * Classifies a refusal. `recipient` needs positive evidence, because it deletes an identity.
 * The rules are data in refusal-rules.ts.
 */
export function classifyReply({ command, code, text }: Refusal): RefusalClass {
  // RFC 5321, 4.2.1: no other first digit is that of a failure. The server and we misunderstand each other.
  if (code < 400 || code > 599) return 'protocol'
  const enhanced = enhancedCodeOf(text)
  // RFC 3463: the enhanced code's first digit marks a temporary failure, whatever the reply code is.
  if (code < 500 || enhanced?.startsWith('4.')) return 'temporary'
  const words = wordsOf(text)
  const against = saidBy(NOT_THE_RECIPIENT, words)
  const isAboutRecipient = command === 'RCPT TO' || command === 'DATA'
  if (isAboutRecipient && enhanced !== undefined && enhanced in RECIPIENT_CODES && against === undefined) {
    return 'recipient'
  }
  if (enhanced !== undefined && !(enhanced in SILENT_CODES) && !(enhanced in RECIPIENT_CODES))
    return ofOtherCode(enhanced, against)
  const byCode = ofReplyCode(code)
  if (against !== undefined || byCode !== undefined) return against ?? byCode ?? 'other'
  if (command === 'MAIL FROM') return 'sender'
  const hasNoCode = enhanced === undefined || enhanced in SILENT_CODES
  const mayNameMailbox = command === 'RCPT TO' && hasNoCode && MAILBOX_CODES.has(code)
  return (mayNameMailbox ? saidBy(RECIPIENT_TEXTS, words) : undefined) ?? 'other'
}

function saidBy(rows: readonly RefusalRow[], words: string): RefusalClass | undefined {
  return rows.find(({ text }) => text.test(words))?.says
}

function ofOtherCode(enhanced: string, against: RefusalClass | undefined): RefusalClass {
  const byEnhanced = otherCode(enhanced)
  // 5.7.1 and its like stand for any reason, and the text gives it. A full mailbox is none of them.
  const isVague = byEnhanced === 'policy' && against !== 'mailbox-full'
  return (isVague ? (against ?? byEnhanced) : (byEnhanced ?? against)) ?? 'other'
}

function ofReplyCode(code: number): RefusalClass | undefined {
  if (CREDENTIAL_CODES.test(String(code))) return 'credentials'
  return PROTOCOL_CODES.test(String(code)) ? 'protocol' : undefined
}

function otherCode(enhanced: string): RefusalClass | undefined {
  const prefixes = Object.keys(OTHER_CODES)
    .filter((prefix) => enhanced === prefix || (isOpen(prefix, enhanced) && enhanced.startsWith(prefix)))
    .toSorted((a, b) => b.length - a.length)
  return prefixes[0] === undefined ? undefined : OTHER_CODES[prefixes[0]]?.says
}

/** Prefixes that end in a dot, and Microsoft's three-digit families (5.7.5xx, 5.7.6xx). */
function isOpen(prefix: string, enhanced: string): boolean {
  return prefix.endsWith('.') || (/^5\.7\.[56]$/.test(prefix) && enhanced.length === prefix.length + 2)
}

/** The enhanced code at the reply's start. Some servers put it in brackets, or their own mark before it. */
function enhancedCodeOf(text: string): string | undefined {
  const code = /(?:^|\n)\d{3}[ -](?:\S+ )?[[(#]{0,2}([245]\.\d{1,3}\.\d{1,3})(?![.\d])/.exec(text)
  return code?.[1] ?? /\(#(5\.\d{1,3}\.\d{1,3})\)/.exec(text)?.[1]
}

/**
 * The reply in lower case on one line, without codes, addresses and links, whose words are not the server's.
 */
function wordsOf(text: string): string {
  return (
    text
      .slice(0, READ_CHARACTERS)
      .toLowerCase()
      .replace(/(^|\n)\d{3}[ -]?/g, ' ')
      .replace(/https?:\/\/\S+/g, ' ')
      // Not one pattern with the "@" in its middle: its time grows with the square of a long word.
      .replace(/[^\s<>()[\]{},;:'"]{3,}/g, (word) => (word.slice(1, -1).includes('@') ? ' ' : word))
      .replace(/\s+/g, ' ')
  )
}
