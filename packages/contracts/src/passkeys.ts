import { z } from 'zod'
import { EMAIL_MAX_LENGTH, line, moment, pageLength } from './common.ts'
import { listPosition } from './list-position.ts'

/** Most passkeys of one admin. */
export const PASSKEYS_PER_ADMIN = 10
/** How long a ceremony in the browser may take. */
export const PASSKEY_CHALLENGE_SECONDS = 300

/** The id of a passkey: the SHA-256 of its credential id, in base64url. */
export const passkeyId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'not the id of a passkey')

/** The name that the admin gives it. */
export const passkeyName = line(80)

/** A passkey in lists. */
export const passkey = z
  .object({
    id: passkeyId,
    email: z.string(),
    name: z.string(),
    createdAt: moment,
    lastUsedAt: moment.nullable(),
    isBackedUp: z.boolean().describe('Whether it lies in a password manager rather than in one device'),
  })
  .meta({ id: 'Passkey' })
export type Passkey = z.infer<typeof passkey>

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/)

/** The data to verify its signatures. */
export const passkeyCredential = z.object({
  credentialId: base64url(1400),
  publicKey: base64url(4000),
  counter: z.number().int().min(0).max(4_294_967_295),
  transports: z.array(z.string().max(20)).max(10),
})

/** `POST /v1/passkeys`: the gateway has verified the authenticator's response. */
export const passkeyCreateRequest = passkeyCredential
  .extend({
    email: z.string().min(3).max(EMAIL_MAX_LENGTH),
    name: passkeyName,
    isBackedUp: z.boolean(),
  })
  .meta({ id: 'PasskeyCreateRequest' })
export type PasskeyCreateRequest = z.infer<typeof passkeyCreateRequest>

/** `GET /v1/passkeys/:id`: a passkey with the data to verify its signatures. */
export const knownPasskey = z.object({ passkey, credential: passkeyCredential }).meta({ id: 'KnownPasskey' })
export type KnownPasskey = z.infer<typeof knownPasskey>

/** `GET /v1/passkeys`: newest first. */
export const passkeyListQuery = z.object({
  email: z.string().min(3).max(EMAIL_MAX_LENGTH).optional().describe('All of this admin, who has 10 at most'),
  first: pageLength,
  after: listPosition(passkeyId).optional(),
})
export type PasskeyListQuery = z.input<typeof passkeyListQuery>

export const passkeyList = z.object({
  passkeys: z.array(passkey),
  hasNextPage: z.boolean().describe('Whether there are more behind this page'),
})
export type PasskeyList = z.infer<typeof passkeyList>

/** `DELETE /v1/passkeys/:id` */
export const passkeyRemoveQuery = z.object({
  keepOneOf: z
    .string()
    .min(3)
    .max(EMAIL_MAX_LENGTH)
    .optional()
    .describe('Refuses when this admin would have no passkey left'),
})

export const passkeyRenameRequest = z.object({ name: passkeyName })

/**
 * `POST /v1/passkeys/:id/use`: a signature was verified. The challenge must not have been used before. The
 * counter must have grown, because a copied authenticator repeats old values.
 */
export const passkeyUseRequest = z
  .object({ challenge: base64url(200), counter: passkeyCredential.shape.counter })
  .meta({ id: 'PasskeyUseRequest' })
export type PasskeyUseRequest = z.infer<typeof passkeyUseRequest>

/** `POST /v1/passkey-challenges/claim`: uses up a challenge. */
export const challengeClaim = z.object({ challenge: base64url(200) })
