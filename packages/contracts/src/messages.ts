import { z } from 'zod'
import {
  BATCH_MAX,
  EMAIL_MAX_LENGTH,
  identityId,
  identityIdInResult,
  localeTag,
  moment,
  momentInResult,
  pageLength,
  tenantId,
  timeRange,
} from './common.ts'
import { deliveryReason } from './delivery-reason.ts'
import { mailSettings } from './mail-settings.ts'
import { problem } from './problems.ts'
import { REPORTED_ADDRESS_MAX_LENGTH } from './reported-address.ts'

/** Longest name of a relay: a host name, a colon and a port. */
export const RELAY_MAX_LENGTH = 260

/** `POST /v1/messages`: mails a number to a person. */
export const messageRequest = z
  .object({
    messageId: z
      .string()
      .min(1)
      .max(120)
      .describe('Idempotency key: one id, one mail, however often the call is repeated'),
    identityId,
    tenantId,
    tenantName: z.string().max(1000).describe('Shown to the person: who asks'),
    email: z.string().max(EMAIL_MAX_LENGTH),
    number: z.string().regex(/^\d{4,32}$/),
    locale: localeTag.nullable(),
    expiresAt: moment.describe('No attempt is made after this moment'),
    mail: mailSettings.optional().describe("The tenant's own sender, look and SMTP server"),
  })
  .meta({ id: 'MessageRequest' })
export type MessageRequest = z.infer<typeof messageRequest>

/**
 * - queued: it is being sent. In the reply to a send call it also means that the mailer will try again.
 * - deferred: the last attempt failed for a temporary reason. `nextAttemptAt` is the time of the next one.
 * - sent: the SMTP server accepted it (250).
 * - bounced: it was accepted, and came back later.
 * - rejected: the SMTP server's reply says that the mailbox does not exist, or the address is suppressed. A
 *   send call gets this state only when another mail of the identity was delivered before, so that the
 *   identity stays. Else it gets the problem `email-rejected`.
 * - expired: the number expired first.
 * - dropped: the number was used, replaced or revoked first.
 */
export const messageState = z.enum([
  'queued',
  'deferred',
  'sent',
  'bounced',
  'rejected',
  'expired',
  'dropped',
])
export type MessageState = z.infer<typeof messageState>

export const message = z
  .object({
    messageId: z.string(),
    identityId: identityIdInResult,
    state: messageState,
    attempts: z.number().int().min(0),
    updatedAt: momentInResult,
    nextAttemptAt: momentInResult.nullable(),
    reply: z
      .string()
      .nullable()
      .describe("The SMTP server's last reply, or why there was none; never the number or the address"),
    providerId: z
      .string()
      .nullable()
      .describe('What the SMTP server or provider calls the mail that it took; null where it did not say'),
    relay: z
      .string()
      .max(RELAY_MAX_LENGTH)
      .nullable()
      .describe('Host and port of the SMTP server that was asked last; null when none was'),
    reason: deliveryReason
      .optional()
      .describe('Why it is deferred, bounced or rejected; absent in the other states'),
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof message>

/** Who answered a delivery, and what: the relay's host and port, its reply, and the reason's class. */
export const relayReply = message.pick({ relay: true, reply: true, reason: true }).meta({ id: 'RelayReply' })
export type RelayReply = z.infer<typeof relayReply>

export const messageResult = z.union([
  z.object({ message }),
  z.object({ problem, refusedBy: relayReply.optional().describe('With `email-rejected`') }),
])
export type MessageResult = z.infer<typeof messageResult>

export const messageBatchRequest = z.object({ requests: z.array(messageRequest).min(1).max(BATCH_MAX) })
export const messageBatchReply = z.object({ results: z.array(messageResult) })

/** `GET /v1/messages?ids=a,b`: the newest message of each identity, without unknown ones. */
const ids = z.string().transform((text, context) => {
  const list = text.split(',').filter((id) => id !== '')
  if (list.length <= BATCH_MAX) return list
  context.addIssue({ code: 'custom', message: `at most ${BATCH_MAX} ids` })
  return z.NEVER
})

/**
 * `GET /v1/messages?state=deferred&tenantId=demo&first=50&after=…`: messages in a state, last change first.
 */
export const messageQuery = z
  .object({
    ids: ids.optional(),
    state: messageState.optional(),
    tenantId: tenantId.optional().describe('With `state`: of this tenant only'),
    reason: deliveryReason
      .optional()
      .describe('With `state`: for this reason only. A page may be short or empty although more follow'),
    first: pageLength,
    after: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,400}$/)
      .optional()
      .describe('`nextAfter` of the page before'),
    ...timeRange('With `state`: changed'),
  })
  .refine(({ ids: named, state }) => (named === undefined) !== (state === undefined), 'either ids or state')

export const messageList = z.object({
  messages: z.array(message),
  cursors: z.array(z.string()).optional().describe('With `state`: of each message, for `after`'),
  nextAfter: z
    .string()
    .nullable()
    .optional()
    .describe('With `state`: where the next page begins; null on the last'),
})
export type MessageList = z.infer<typeof messageList>

/** `GET /v1/messages/counts?tenantId=demo`: messages of a day by state, at most 10,000 for all tenants. */
export const messageCountsQuery = z.object({ tenantId })
export const messageCounts = z
  .object({ counts: z.record(messageState, z.number().int().min(0)) })
  .meta({ id: 'MessageCounts' })
export type MessageCounts = z.infer<typeof messageCounts>

/** Most identities in one call to drop messages. It runs in the background, so few large calls cost least. */
export const DROPS_MAX = 1024

const droppedIds = z.array(identityId).max(DROPS_MAX).default([])

/** `POST /v1/messages/drops`: waiting messages of these identities are not sent any more. */
export const messageDropRequest = z
  .object({
    identityIds: droppedIds.describe(
      'Replaced or revoked: also a message that has not come here yet is not sent',
    ),
    verifiedIds: droppedIds.describe(
      'Verified: their number was mailed, so at most another mail of it can wait',
    ),
  })
  .meta({ id: 'MessageDropRequest' })

/** Most messages that one call retries. */
export const RETRIES_MAX = 1000

/**
 * `POST /v1/messages/retries`: deferred messages are tried now instead of at their `nextAttemptAt`. Either
 * those of some identities, or up to {@link RETRIES_MAX} of a tenant or of all tenants.
 */
export const messageRetryRequest = z
  .object({
    identityIds: z.array(identityId).min(1).max(BATCH_MAX).optional(),
    tenantId: tenantId.optional().describe('Without `identityIds`: of this tenant only'),
  })
  .meta({ id: 'MessageRetryRequest' })
export type MessageRetryRequest = z.infer<typeof messageRetryRequest>
export const messageRetryReply = z
  .object({ retried: z.number().int().min(0).describe('How many waited and are tried now') })
  .meta({ id: 'MessageRetryReply' })

/** `POST /v1/bounces`: an accepted mail came back. The call is signed, see the mailer's bounce routes. */
export const bounceRequest = z
  .object({
    messageId: z
      .string()
      .min(3)
      .max(400)
      .describe('The `Message-ID` header of the mail, with or without angle brackets'),
    email: z
      .string()
      .max(REPORTED_ADDRESS_MAX_LENGTH)
      .describe('In any form that reports have: `rfc822;…`, `<…>`, with a name, in xtext, as an IDN'),
    permanent: z
      .boolean()
      .default(true)
      .describe('False: the mailbox was full or away; the address stays usable'),
    reason: z.string().max(1000).default(''),
  })
  .meta({ id: 'BounceRequest' })
export type BounceRequest = z.infer<typeof bounceRequest>
