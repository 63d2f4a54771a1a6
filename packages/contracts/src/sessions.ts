import { z } from 'zod'
import { EMAIL_MAX_LENGTH, moment, pageLength } from './common.ts'
import { listPosition } from './list-position.ts'
import { passkeyId } from './passkeys.ts'

/** A session ends after this time without a call, and after the maximum in any case. */
export const SESSION_IDLE_SECONDS = 30 * 60
export const SESSION_MAX_SECONDS = 12 * 3600
/** Most live sessions of one admin. One more ends the oldest, so that a sign-in is never refused. */
export const SESSIONS_PER_ADMIN = 50

/** The public part of a session, which names it in lists. */
export const sessionId = z.string().regex(/^[0-9a-f]{16}$/, 'not a session id')

/** An admin who has signed in. */
export const session = z
  .object({
    id: sessionId,
    email: z.string(),
    createdAt: moment,
    expiresAt: moment.describe('When it ends in any case'),
    idleExpiresAt: moment.describe('When it ends if nothing is asked in it'),
    passkeyId: passkeyId.nullable().describe('The passkey that began it; null: a number by mail'),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof session>

/**
 * `POST /v1/sessions`: the gateway has verified the number mailed to this admin, or a signature of a passkey.
 */
export const sessionCreateRequest = z
  .object({ email: z.string().min(3).max(EMAIL_MAX_LENGTH), passkeyId: passkeyId.nullable().default(null) })
  .meta({ id: 'SessionCreateRequest' })

/** The only reply with the secret of a session: 256 random bits. */
export const createdSession = z.object({ session, secret: z.string() }).meta({ id: 'CreatedSession' })
export type CreatedSession = z.infer<typeof createdSession>

/**
 * `POST /v1/sessions/authenticate`: the gateway sends the SHA-256 of the secret (base64url), never the
 * secret.
 */
export const sessionAuthenticateRequest = z
  .object({
    sessionId,
    secretDigest: z.string().length(43),
    keepAlive: z.boolean().default(true).describe('false: it is asked about, not used'),
  })
  .meta({ id: 'SessionAuthenticateRequest' })
export type SessionAuthenticateRequest = z.input<typeof sessionAuthenticateRequest>

/** `GET /v1/sessions`: live sessions, newest first. */
export const sessionListQuery = z.object({
  first: pageLength,
  after: listPosition(sessionId).optional(),
})
export type SessionListQuery = z.input<typeof sessionListQuery>

export const sessionList = z.object({
  sessions: z.array(session),
  hasNextPage: z.boolean().describe('Whether there are more behind this page'),
})
export type SessionList = z.infer<typeof sessionList>
