import { z } from 'zod'
import {
  BATCH_MAX,
  callId,
  callNames,
  clientIp,
  EMAIL_MAX_LENGTH,
  identityId,
  identityIdInResult,
  localeTag,
  momentInResult,
  TEST_TTL_MIN_SECONDS,
  TTL_MAX_SECONDS,
  tenantId,
} from './common.ts'
import { deliveryDetail } from './events.ts'
import { problem } from './problems.ts'
import { testDelivery } from './test-mode.ts'

/** `POST /v1/registrations`: registers a token and an address under a new number. */
export const registrationRequest = z
  .object({
    tenantId,
    ...callNames,
    email: z.string().max(4 * EMAIL_MAX_LENGTH),
    token: z.string(),
    locale: localeTag.optional(),
    expiresInSeconds: z.number().int().min(TEST_TTL_MIN_SECONDS).max(TTL_MAX_SECONDS).optional(),
    clientIp: clientIp.optional(),
  })
  .meta({ id: 'RegistrationRequest' })
export type RegistrationRequest = z.infer<typeof registrationRequest>

/** The data for mailing a number. Only this shape and those of the mailer contain a number. */
export const registration = z
  .object({
    identityId: identityIdInResult,
    email: z.string().describe('As it will be mailed: trimmed, domain in lower case and punycode'),
    number: z.string().nullable().describe('Digits; null in a repeated answer whose identity is gone by now'),
    locale: z
      .string()
      .nullable()
      .describe('The languages of the call, then that of the tenant; the first known one counts'),
    createdAt: momentInResult,
    expiresAt: momentInResult,
    replaced: z.boolean().describe('true when the address had a live number, which is no longer valid'),
    replacedIdentityId: identityIdInResult.nullable(),
    messageId: z
      .string()
      .describe("The mail's idempotency key: the identity's id, or that and the count of the resend"),
    testDelivery: testDelivery
      .optional()
      .describe(
        'A reserved address of a test tenant: nothing is mailed, and this delivery state is reported',
      ),
  })
  .meta({ id: 'Registration' })
export type Registration = z.infer<typeof registration>

/** `POST /v1/resends`: returns the same number for another mail, which the limits count. */
export const resendRequest = z
  .object({ tenantId, requestId: callId, identityId: z.string().max(100) })
  .meta({ id: 'ResendRequest' })
export type ResendRequest = z.infer<typeof resendRequest>

/**
 * `POST /v1/refusals`: the mail was refused for good. Removes the identity and refunds the address's limit.
 */
export const refusalRequest = z
  .object({ tenantId, identityId, ...deliveryDetail.shape })
  .meta({ id: 'RefusalRequest' })
export type RefusalRequest = z.infer<typeof refusalRequest>

/**
 * `POST /v1/mail-refunds`: the mailer could not be reached, so no mail of this call is sent. The address's
 * limit gets it back.
 */
export const mailRefundRequest = z
  .object({
    tenantId,
    ...callNames,
    identityId,
    operation: z.enum(['register', 'resend']).describe('The call that has these names'),
  })
  .meta({ id: 'MailRefundRequest' })
export type MailRefundRequest = z.infer<typeof mailRefundRequest>

export const registrationResult = z.union([z.object({ registration }), z.object({ problem })])
export type RegistrationResult = z.infer<typeof registrationResult>

export const registrationBatchRequest = z.object({
  requests: z.array(registrationRequest).min(1).max(BATCH_MAX),
})
export const registrationBatchReply = z.object({ results: z.array(registrationResult) })
