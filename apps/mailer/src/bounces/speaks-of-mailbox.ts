import { classifyReply } from '../smtp/refusals/classify-reply.ts'

/** A mail server's reply in the forms that reports quote: `smtp; 550 5.1.1 …`, `550 …`, `5.1.1 …`. */
const REPLY = /^\s*(?:smtp\s*;\s*)?(?:(\d{3})[ -])?\s*([245]\.\d{1,3}\.\d{1,3}\b)?/i

/**
 * Whether a report of a permanent failure is about the mailbox. A quoted reply decides as our own RCPT reply
 * would, because providers also call a block list a hard bounce. A report without a reply, such as a
 * complaint, is believed.
 */
export function speaksOfMailbox(reason: string): boolean {
  const [quoted = '', code, enhanced] = REPLY.exec(reason) ?? []
  if (code === undefined && enhanced === undefined) return true
  const reply = Number(code ?? 550)
  const text = `${reply} ${enhanced ?? ''} ${reason.slice(quoted.length)}`.replace(/ {2,}/g, ' ')
  return classifyReply({ command: 'RCPT TO', code: reply, text }) === 'recipient'
}
