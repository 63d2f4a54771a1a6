import { randomBytes } from 'node:crypto'
import { clientNetwork } from '@emailauth/contracts/client-network'
import type { CreatedSession } from '@emailauth/contracts/sessions'
import { SIGN_IN_SECONDS, signInFinish } from '@emailauth/contracts/sign-ins'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import { findTypedNumber } from '@emailauth/contracts/typed-number'
import type { ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { type AdminEmails, normalise } from './admin-emails.ts'
import { createBrowserSeal } from './browser-seal.ts'
import type { MailSignIn } from './mail-sign-in.ts'
import type { SignInMails } from './sign-in-mails.ts'

/** A browser that begins a sign-in. */
export interface Beginning {
  readonly email: string
  readonly clientIp: string
  /** The ticket that it holds already, as it was sealed. */
  readonly ticket: string | undefined
  /** The browser's name, if this admin has signed in with it before. */
  readonly device: string | undefined
}

/**
 * Admins sign in with a number by mail, like everybody else. The browser keeps a sealed ticket that names
 * its own number. No other ticket can use that number, spend its tries or replace it.
 */
export interface SignIns {
  /**
   * Returns a ticket for the browser, and mails a number if the address is an admin's. The ticket comes
   * before anything is looked up or sent, so neither the reply nor its timing reveals who is an admin. A
   * browser that asks again keeps its ticket and its number.
   */
  begin(beginning: Beginning): string
  /**
   * Trades the number for a session, in the browser that holds the ticket alone.
   * @param typed the number, or a line of the mail around it
   */
  finish(
    ticket: string | undefined,
    typed: string,
  ): Promise<CreatedSession | ProblemOutcomes['WrongCredentials']>
}

export interface SignInsOptions {
  readonly adminEmails: AdminEmails
  readonly persistence: Pick<Persistence, 'finishSignIn' | 'createSession'>
  readonly mailer: Pick<Mailer, 'drop'>
  readonly mails: Pick<SignInMails, 'send'>
  readonly mailSignIn: MailSignIn
  readonly serviceTokens: readonly string[]
  /** Unix milliseconds. */
  readonly now?: (() => number) | undefined
}

interface Ticket {
  readonly email: string
  readonly ticketId: string
  readonly madeAtMs: number
}

/** As long as the numbers live. */
export const TICKET_SECONDS = SIGN_IN_SECONDS
const TICKET_BYTES = 17
/** A ticket with less time left is replaced: its number would be dead before its mail is read. */
const KEEP_MS = 2 * 60_000

export function createSignIns(options: SignInsOptions): SignIns {
  const { adminEmails, persistence, mailer, mails, mailSignIn, serviceTokens, now = Date.now } = options
  const tickets = createBrowserSeal<Ticket>({
    purpose: 'sign-in ticket',
    serviceTokens,
    maxAgeSeconds: TICKET_SECONDS,
    now,
  })

  const ticketFor = (email: string, held: Ticket | undefined): Ticket => {
    const isGood = held?.email === email && held.madeAtMs + TICKET_SECONDS * 1000 - now() > KEEP_MS
    if (isGood) return held
    return { email, ticketId: randomBytes(TICKET_BYTES).toString('base64url'), madeAtMs: now() }
  }

  return {
    begin({ email, clientIp, ticket, device }) {
      const made = ticketFor(normalise(email), tickets.open(ticket))
      const { network } = clientNetwork(clientIp)
      mails.send({ email: made.email, ticketId: made.ticketId, network, device })
      return tickets.seal(made)
    },

    async finish(sealed, typed) {
      const ticket = tickets.open(sealed)
      if (ticket === undefined) return WRONG
      const { ticketId, email } = ticket
      const unlessPasskey = mailSignIn !== 'always'
      const checked = signInFinish.safeParse({ ticketId, email, number: typed, unlessPasskey })
      if (!checked.success) return WRONG
      // Read here and not in the dashboard, whose first load has no room for it. Only after the check of the
      // length: to look through 64 KiB takes 0.1 s of everybody's time.
      const number = findTypedNumber(typed) ?? typed
      // Asked for strangers too, so that timing reveals nothing.
      const isRight = await persistence.finishSignIn({ ...checked.data, number })
      // The address may have left the list since.
      if (!isRight || mailSignIn === 'never' || !adminEmails.has(email)) return WRONG
      mailer.drop(`${ADMIN_TENANT}.${ticketId}`, 'verified')
      return (await persistence.createSession(email, null)) ?? WRONG
    },
  }
}

/** The one answer to a sign-in that fails, by number or by passkey, whatever the reason. */
export const WRONG: ProblemOutcomes['WrongCredentials'] = {
  __typename: 'WrongCredentials',
  code: 'WRONG_CREDENTIALS',
  message:
    'This number is not valid in this browser: it may be mistyped, used, expired or replaced by a newer one.',
}
