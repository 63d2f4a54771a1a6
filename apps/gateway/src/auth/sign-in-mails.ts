import { randomInt, randomUUID } from 'node:crypto'
import { ADMIN_TENANT, ADMIN_TENANT_NAME } from '@emailauth/contracts/tenants'
import type { Logger } from '@emailauth/service/logging/logger'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { AdminEmails } from './admin-emails.ts'
import { createDroppedSignIns } from './dropped-sign-ins.ts'
import type { MailSignIn } from './mail-sign-in.ts'

/** What a sign-in is mailed for. */
export interface SignInMail {
  readonly email: string
  /** Whose number it is. */
  readonly ticketId: string
  /** The client's network (`clientNetwork`), by which mails are limited. */
  readonly network: string
  /** A browser in which this admin has signed in before. */
  readonly device: string | undefined
}

/**
 * Mails only admins, and does the same work for others, so that timing reveals nothing. The reply does not
 * wait for it: the work starts after a random pause and makes one call to each service in both cases.
 */
export interface SignInMails {
  /** Answers at once. A ticket that waits already is not mailed twice. */
  send(mail: SignInMail): void
  /** Sends at once what still waits. */
  close(): Promise<void>
}

export interface SignInMailsOptions {
  readonly adminEmails: AdminEmails
  readonly persistence: Pick<Persistence, 'beginSignIn'>
  readonly mailer: Pick<Mailer, 'send' | 'message'>
  readonly mailSignIn: MailSignIn
  readonly logger: Pick<Logger, 'warn' | 'debug'>
  /** Pause before the work begins, in milliseconds from the reply. */
  readonly delayMs?: (() => number) | undefined
}

// Long enough to hide the timing of the work, short enough for a person who waits for a mail.
const SOONEST_MS = 100
const LATEST_MS = 1500
/** More than one person needs to sign in. A flood from one network must not use up the capacity of others. */
export const WAITING_PER_NETWORK = 20
/** Sign-ins of strangers that may wait, of all networks together. Those of known browsers do not count. */
export const WAITING = 2000
/** Each known browser has room of its own, which strangers cannot fill, even from the same network. */
export const WAITING_PER_DEVICE = 3

export function createSignInMails({
  adminEmails,
  persistence,
  mailer,
  mailSignIn,
  logger,
  delayMs = () => randomInt(SOONEST_MS, LATEST_MS),
}: SignInMailsOptions): SignInMails {
  const waiting = new Map<string, { readonly mail: SignInMail; readonly timer: NodeJS.Timeout }>()
  const running = new Set<Promise<void>>()
  const dropped = createDroppedSignIns(logger)

  const isFull = ({ network, device }: SignInMail) => {
    const mails = [...waiting.values()].map(({ mail }) => mail)
    if (device !== undefined)
      return mails.filter((mail) => mail.device === device).length >= WAITING_PER_DEVICE
    const strangers = mails.filter((mail) => mail.device === undefined)
    return (
      strangers.length >= WAITING ||
      strangers.filter((mail) => mail.network === network).length >= WAITING_PER_NETWORK
    )
  }

  const mailNumber = async ({ email, ticketId, network, device }: SignInMail) => {
    const identityId = `${ADMIN_TENANT}.${ticketId}`
    const reply = await persistence.beginSignIn({
      ticketId,
      email,
      network,
      ...(device !== undefined && { device }),
      decoy: mailSignIn === 'never' || !adminEmails.has(email),
      unlessPasskey: mailSignIn !== 'always',
    })
    if ('refused' in reply) {
      if (reply.refused !== 'decoy') dropped.count(reply.refused)
      await mailer.message(identityId)
      return
    }
    const { number, expiresAt, mail } = reply
    const messageId = `sign-in.${ticketId}.${mail}`
    // No tenant's sender, look or SMTP server: the operator's own.
    const message = { messageId, identityId, tenantId: ADMIN_TENANT, tenantName: ADMIN_TENANT_NAME }
    const result = await mailer.send({ ...message, email, number, locale: null, expiresAt }, randomUUID())
    if ('problem' in result || result.message.state === 'rejected') dropped.count('mail refused')
  }

  const work = (mail: SignInMail) => {
    const isAdmin = adminEmails.has(mail.email)
    const done = mailNumber(mail)
      .catch((error) => {
        if (isAdmin) logger.warn({ err: error }, 'a sign-in was not mailed')
        else logger.debug({ err: error }, 'a sign-in of nobody')
      })
      .finally(() => running.delete(done))
    running.add(done)
  }

  return {
    send(mail) {
      if (waiting.has(mail.ticketId)) return
      if (isFull(mail)) return dropped.count(mail.device === undefined ? 'queue' : 'queue of a known browser')
      const timer = setTimeout(() => {
        waiting.delete(mail.ticketId)
        work(mail)
      }, delayMs())
      waiting.set(mail.ticketId, { mail, timer })
    },
    async close() {
      for (const { timer, mail } of waiting.values()) {
        clearTimeout(timer)
        work(mail)
      }
      waiting.clear()
      await Promise.all(running)
      dropped.flush()
    },
  }
}
