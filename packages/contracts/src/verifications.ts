import { z } from 'zod'
import {
  BATCH_MAX,
  callNames,
  clientIp,
  EMAIL_MAX_LENGTH,
  identityIdInResult,
  momentInResult,
  tenantId,
} from './common.ts'
import { problem } from './problems.ts'

/** `POST /v1/verifications`: trades a number for the token, once. */
export const verificationRequest = z
  .object({
    tenantId,
    ...callNames,
    number: z
      .string()
      .max(256)
      .describe('As typed or pasted: digits of any script; whatever is neither letter nor digit is ignored'),
    email: z
      .string()
      .max(4 * EMAIL_MAX_LENGTH)
      .optional(),
    identityId: z.string().max(100).optional(),
    clientIp: clientIp.optional(),
  })
  .meta({ id: 'VerificationRequest' })
export type VerificationRequest = z.infer<typeof verificationRequest>

export const verification = z
  .object({
    identityId: identityIdInResult,
    email: z.string(),
    token: z.string(),
    registeredAt: momentInResult,
  })
  .meta({ id: 'Verification' })

export const verificationResult = z.union([z.object({ verification }), z.object({ problem })])
export type VerificationResult = z.infer<typeof verificationResult>

export const verificationBatchRequest = z.object({
  requests: z.array(verificationRequest).min(1).max(BATCH_MAX),
})
export const verificationBatchReply = z.object({ results: z.array(verificationResult) })
