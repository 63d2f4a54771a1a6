import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { registrationRequest } from '@emailauth/contracts/registrations'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import type { Logger } from '@emailauth/service/logger'
import type { Registrations } from '../registration/registrations.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { AdminEmails } from './admin-emails.ts'

/** What a sign-in is mailed for. */
export interface SignInMail {
  readonly email: string
  /** Stands as the token behind the number. */
  readonly nonce: string
  /** For the limits; absent where it is no plain address. */
  readonly clientIp: string | undefined
}

/**
 * Mails numbers to admins, and makes as much of a stir for everybody else. Who asks must not be able to tell the two apart: not by the answer, which
 * does not wait for this; not by how busy the gateway is after it, because the work comes at some moment later and is of the same size.
 */
export interface SignInMails {
  /** Answers at once. */
  send(mail: SignInMail): void
  /** Sends at once what still waits. */
  close(): Promise<void>
}

export interface SignInMailsOptions {
  readonly adminEmails: AdminEmails
  readonly registrations: Pick<Registrations, 'register'>
  readonly persistence: Pick<Persistence, 'identities'>
  readonly mailer: Pick<Mailer, 'message'>
  readonly logger: Pick<Logger, 'warn' | 'debug'>
  /** When the work is done, in milliseconds from the answer. */
  readonly delayMs?: (() => number) | undefined
}

// Long enough that nobody can watch for it, short enough for a person who waits for a mail.
const SOONEST_MS = 100
const LATEST_MS = 1500
/** More than anybody needs who signs in; a flood of one client costs neither others nor the services behind. */
const WAITING_PER_CLIENT = 10
const WAITING = 2000

export function createSignInMails({
  adminEmails,
  registrations,
  persistence,
  mailer,
  logger,
  delayMs = () => randomInt(SOONEST_MS, LATEST_MS),
}: SignInMailsOptions): SignInMails {
  const waiting = new Map<NodeJS.Timeout, SignInMail>()
  const running = new Set<Promise<void>>()

  const register = async ({ email, nonce, clientIp }: SignInMail) => {
    const request = { tenantId: ADMIN_TENANT, requestId: randomUUID(), email, token: nonce }
    const checked = registrationRequest.parse({ ...request, ...(clientIp !== undefined && { clientIp }) })
    const { __typename } = await registrations.register(checked)
    if (__typename !== 'Registered') logger.warn({ outcome: __typename }, 'a sign-in was not mailed')
  }

  /** One hop to each service, as for an admin, that leaves nothing behind. */
  const pretend = async ({ email }: SignInMail) => {
    await persistence.identities({ tenantId: ADMIN_TENANT, email, first: 1 })
    await mailer.message(`${ADMIN_TENANT}.${randomBytes(17).toString('base64url')}`)
  }

  const work = (mail: SignInMail) => {
    const known = adminEmails.has(mail.email)
    const done = (known ? register(mail) : pretend(mail))
      .catch((error) => {
        if (known) logger.warn({ err: error }, 'a sign-in was not mailed')
        else logger.debug({ err: error }, 'a sign-in of nobody')
      })
      .finally(() => running.delete(done))
    running.add(done)
  }

  return {
    send(mail) {
      const mine = [...waiting.values()].filter(({ clientIp }) => clientIp === mail.clientIp)
      if (waiting.size >= WAITING || mine.length >= WAITING_PER_CLIENT) return
      const timer = setTimeout(() => {
        waiting.delete(timer)
        work(mail)
      }, delayMs())
      waiting.set(timer, mail)
    },
    async close() {
      for (const [timer, mail] of waiting) {
        clearTimeout(timer)
        work(mail)
      }
      waiting.clear()
      await Promise.all(running)
    },
  }
}
