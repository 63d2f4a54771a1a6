import { z } from 'zod'
import { EMAIL_MAX_LENGTH, moment } from './common.ts'

/** How long a sign-in by mail may take. Its number lives as long. */
export const SIGN_IN_SECONDS = 600
/** Wrong tries that burn a number. */
export const SIGN_IN_TRIES = 5
/** Digits of a number for sign-in. */
export const SIGN_IN_DIGITS = 8

/** Names one sign-in of one browser: 17 random bytes in base64url, in the form of an identity's id. */
export const ticketId = z.string().regex(/^[A-Za-z0-9_-]{23}$/, 'not the id of a ticket')

/**
 * `POST /v1/sign-ins`: generates the number of a ticket, or returns it again. `decoy`: the address is not an
 * admin's, so the same work is done and nothing is stored.
 */
export const signInRequest = z
  .object({
    ticketId,
    email: z.string().min(3).max(EMAIL_MAX_LENGTH),
    network: z.string().min(1).max(60).describe('The client as `clientNetwork` reads it'),
    device: z
      .string()
      .regex(/^[A-Za-z0-9_-]{22}$/)
      .optional()
      .describe('A browser in which this admin has signed in before: it has a budget of its own'),
    decoy: z.boolean(),
    unlessPasskey: z.boolean().describe('True: an admin who has a passkey is mailed nothing'),
  })
  .meta({ id: 'SignInRequest' })
export type SignInRequest = z.infer<typeof signInRequest>

/** Why no number is mailed. `network`, `address`, `device`: this budget is used up. */
export const signInRefusal = z.enum(['decoy', 'network', 'address', 'device', 'mails', 'passkey'])

/** The number to mail. `mail`: how many mails of it there are, with this one. */
export const signInNumber = z
  .object({ number: z.string(), expiresAt: moment, mail: z.number().int().min(1) })
  .meta({ id: 'SignInNumber' })

export const signInReply = z.union([signInNumber, z.object({ refused: signInRefusal })])
export type SignInReply = z.infer<typeof signInReply>

/**
 * `POST /v1/sign-ins/finish`: trades a ticket's number for the address, once. A wrong number counts only for
 * it.
 */
export const signInFinish = z
  .object({
    ticketId,
    email: z.string().min(3).max(EMAIL_MAX_LENGTH),
    number: z.string().max(256).describe('As typed; spaces and dashes are ignored'),
    unlessPasskey: z.boolean(),
  })
  .meta({ id: 'SignInFinish' })
export type SignInFinish = z.infer<typeof signInFinish>
export const signInFinished = z.object({ email: z.string() })
