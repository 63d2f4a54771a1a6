import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { registrationRequest } from '@emailauth/contracts/registrations'
import type { CreatedSession } from '@emailauth/contracts/sessions'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import { verificationRequest } from '@emailauth/contracts/verifications'
import { constantTimeEqual } from '@emailauth/secrets/digest'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { memberOf, type ProblemMembers } from '../graphql/outcome.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { type AdminEmails, normalise } from './admin-emails.ts'
import type { SignInMails } from './sign-in-mails.ts'

/** Admins sign in with what emailauth itself does: a number by mail, in a tenant of their own. */
export interface SignIns {
  /**
   * Mails a number, if this is an admin's address, and answers a ticket for the browser in any case: at once, before anything is looked up or
   * sent, so that neither answer nor time tells which addresses are admins'.
   */
  begin(email: string, clientIp: string): string
  /** Trades the number for a session, in the browser that holds the ticket alone. */
  finish(
    ticket: string | undefined,
    number: string,
    clientIp: string,
  ): Promise<CreatedSession | ProblemMembers['WrongCredentials'] | ProblemMembers['RateLimited']>
}

export interface SignInsOptions {
  readonly adminEmails: AdminEmails
  readonly persistence: Pick<Persistence, 'verify' | 'createSession'>
  readonly mails: Pick<SignInMails, 'send'>
  /** All gateways have it, so each of them can read the tickets of the others. */
  readonly serviceToken: string
}

interface Ticket {
  readonly email: string
  /** Stands as the token behind the number, so that only this browser's own number is of use in it. */
  readonly nonce: string
}

/** As long as the admins' numbers live. */
export const TICKET_SECONDS = 600
const PLACE = 'sign-in ticket'

export function createSignIns({ adminEmails, persistence, mails, serviceToken }: SignInsOptions): SignIns {
  const ring = createKeyRing([createHash('sha256').update(`emailauth sign-in\n${serviceToken}`).digest()])

  const open = (sealed: string | undefined): Ticket | undefined => {
    try {
      return JSON.parse(unseal(ring, PLACE, Buffer.from(sealed ?? '', 'base64url'))) as Ticket
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  return {
    begin(email, clientIp) {
      const ticket: Ticket = { email: normalise(email), nonce: randomBytes(24).toString('base64url') }
      mails.send({ ...ticket, clientIp: plainIp(clientIp) })
      return seal(ring, PLACE, JSON.stringify(ticket)).toString('base64url')
    },

    async finish(sealed, number, clientIp) {
      const ticket = open(sealed)
      if (ticket === undefined) return WRONG
      const request = { tenantId: ADMIN_TENANT, requestId: randomUUID(), email: ticket.email, number }
      const ip = plainIp(clientIp)
      const checked = verificationRequest.safeParse({ ...request, ...(ip !== undefined && { clientIp: ip }) })
      if (!checked.success) return WRONG
      const result = await persistence.verify(checked.data)
      if ('problem' in result) return memberOf(result.problem, 'WrongCredentials', 'RateLimited')
      const { token, email } = result.verification
      // The address may have left the list since, and the number may be that of another browser.
      if (!constantTimeEqual(token, ticket.nonce) || !adminEmails.has(email)) return WRONG
      return persistence.createSession(email)
    },
  }
}

/** For the limits; undefined where it is no plain address. */
function plainIp(clientIp: string): string | undefined {
  const ip = clientIp.replace(/^::ffff:(?=\d+\.)/, '')
  return registrationRequest.shape.clientIp.safeParse(ip).success ? ip : undefined
}

const WRONG: ProblemMembers['WrongCredentials'] = {
  __typename: 'WrongCredentials',
  code: 'WRONG_CREDENTIALS',
  message:
    'This number is not valid in this browser: it may be mistyped, used, expired or replaced by a newer one.',
}
