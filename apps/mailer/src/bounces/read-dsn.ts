import type { BounceRequest } from '@emailauth/contracts/messages'
import { readReportedAddress } from '@emailauth/contracts/reported-address'
import { tokenOfReturnPath } from '../message-tokens/return-path.ts'
import { classifyReply } from '../smtp/refusals/classify-reply.ts'
import { parseReport } from './parse-report.ts'
import { bounceOf } from './providers/hook.ts'

/**
 * Failures, and return paths, that are read of one report. A mail of ours has one recipient. A stranger's
 * report may have thousands of both.
 */
const MOST_READ = 20
/** Bounces of one report. Each is a look-up in Redis. All failures fit in with three ids of the mail. */
const MOST_BOUNCES = 60

const REPORTS = new Set(['message/delivery-status', 'message/global-delivery-status'])
const RETURNED = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/global',
  'message/global-headers',
])
/** RFC 5322, 3.6.8 */
const FIELD_NAME = /^[!-9;-~]+$/

/**
 * Reads a delivery status notification (RFC 3464, RFC 6533): one bounce for each recipient that failed.
 * A failure is permanent only when the reply says that nobody reads the mailbox, as at RCPT. A block list
 * suppresses nobody.
 * The return path and the returned Message-ID each name the message. Each makes a bounce, the return path's
 * first.
 * If Original-Recipient and Final-Recipient differ, both make a bounce: one counts only for the address we
 * wrote to.
 * @param recipients the recipients of the report's envelope, if known
 * @returns an empty list when this is no such report, or one about a delay or a delivery
 */
export async function readDsn(
  raw: Buffer,
  recipients: readonly string[] = [],
): Promise<readonly BounceRequest[]> {
  const report = await parseReport(raw)
  if (report === undefined) return []
  const { attachments: parts, to = [] } = report
  const textOf = (types: ReadonlySet<string>) => {
    const content = parts.find(({ mimeType }) => types.has(mimeType.toLowerCase()))?.content
    // `Buffer.from` takes a text, bytes and an ArrayBuffer by overloads, of which none takes their union.
    return content === undefined ? '' : Buffer.from(content as ArrayBuffer).toString('utf8')
  }
  const returned = fieldsOf(textOf(RETURNED).split(/\r?\n\r?\n/)[0] ?? '').get('message-id')
  const cameTo = [...recipients, ...to.map(({ address }) => address ?? '')].slice(0, MOST_READ)
  const messageIds = new Set([...cameTo.map(messageIdOfReturnPath), returned])
  const [, ...failures] = textOf(REPORTS)
    .trim()
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
  const failed = failures.map(fieldsOf).filter((fields) => fields.get('action')?.toLowerCase() === 'failed')
  const bounces = failed.slice(0, MOST_READ).flatMap((fields) => {
    const status = fields.get('status') ?? '5.0.0'
    const diagnostic = withoutType(fields.get('diagnostic-code') ?? '')
    const text = /^\d{3}[ -]/.test(diagnostic) ? diagnostic : `550 ${status} ${diagnostic}`
    const says = classifyReply({ command: 'RCPT TO', code: Number(text.slice(0, 3)), text })
    const named = [fields.get('original-recipient'), fields.get('final-recipient')]
    const permanent = status.startsWith('5.') && says === 'recipient'
    return unlike(named).flatMap((email) =>
      [...messageIds].flatMap((id) => bounceOf(id, email, permanent, diagnostic || status) ?? []),
    )
  })
  return bounces.slice(0, MOST_BOUNCES)
}

/** Writes the message id as bounces do: `<token@bounces>`. */
function messageIdOfReturnPath(address: string): string | undefined {
  const token = tokenOfReturnPath(address)
  return token === undefined ? undefined : `<${token}${address.slice(address.lastIndexOf('@'))}>`
}

/** Header fields by lower-case name, unfolded (RFC 5322, 2.2.3). The first of repeated fields counts. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    // Not one pattern for the whole line: its time would grow with the square of the spaces after the colon.
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).toLowerCase()
    if (FIELD_NAME.test(name) && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return fields
}

/** Those that mean different addresses. */
function unlike(named: readonly (string | undefined)[]): readonly string[] {
  const byMeaning = new Map<string, string>()
  for (const text of named) {
    const meaning = readReportedAddress(text ?? '').map(({ key }) => key)
    if (text !== undefined && !byMeaning.has(meaning.join())) byMeaning.set(meaning.join(), text)
  }
  return [...byMeaning.values()]
}

const withoutType = (field: string) => field.replace(/^[a-z0-9.-]+\s*;\s*/i, '').trim()
