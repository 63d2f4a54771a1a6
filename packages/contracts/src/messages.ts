import { z } from 'zod'
import { BATCH_MAX, EMAIL_MAX_LENGTH, identityId, localeTag, moment, tenantId } from './common.ts'
import { problem } from './problems.ts'

/** `POST /v1/messages`: mail a number to a person. */
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
  })
  .meta({ id: 'MessageRequest' })
export type MessageRequest = z.infer<typeof messageRequest>

/**
 * queued: it is being handed over, or waits for that; it is tried again while the number lives. deferred: the last attempt failed
 * for a reason that passes; a repeated call tries again. sent: the SMTP server accepted it (250). rejected: the SMTP server
 * refused it for good. expired: the number died first. dropped: the number was used, replaced or revoked first.
 */
export const messageState = z.enum(['queued', 'deferred', 'sent', 'rejected', 'expired', 'dropped'])
export type MessageState = z.infer<typeof messageState>

export const message = z
  .object({
    messageId: z.string(),
    identityId,
    state: messageState,
    attempts: z.number().int().min(0),
    updatedAt: moment,
    nextAttemptAt: moment.nullable(),
    reply: z
      .string()
      .nullable()
      .describe("The SMTP server's last reply, or why there was none; never the number or the address"),
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof message>

export const messageResult = z.union([z.object({ message }), z.object({ problem })])
export type MessageResult = z.infer<typeof messageResult>

export const messageBatchRequest = z.object({ requests: z.array(messageRequest).min(1).max(BATCH_MAX) })
export const messageBatchReply = z.object({ results: z.array(messageResult) })

/** `GET /v1/messages?ids=a,b`: the newest message of each identity; one that is unknown is left out. */
export const messageQuery = z.object({
  ids: z.string().transform((ids, context) => {
    const list = ids.split(',').filter((id) => id !== '')
    if (list.length <= BATCH_MAX) return list
    context.addIssue({ code: 'custom', message: `at most ${BATCH_MAX} ids` })
    return z.NEVER
  }),
})
export const messageList = z.object({ messages: z.array(message) })

/** `POST /v1/messages/drops`: these identities are verified, replaced or revoked; what still waits for them is not to be sent. */
export const messageDropRequest = z
  .object({ identityIds: z.array(identityId).min(1).max(BATCH_MAX) })
  .meta({ id: 'MessageDropRequest' })
