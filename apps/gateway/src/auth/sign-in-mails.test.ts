import { randomBytes } from 'node:crypto'
import type { SignInReply } from '@emailauth/contracts/sign-ins'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createAdminEmails } from './admin-emails.ts'
import type { MailSignIn } from './mail-sign-in.ts'
import { createSignInMails, type SignInMail } from './sign-in-mails.ts'

const ADA = 'ada@example.com'
const EVE = 'eve@example.com'
const mail = (changes: Partial<SignInMail> = {}): SignInMail => ({
  email: ADA,
  ticketId: randomBytes(17).toString('base64url'),
  network: '192.0.2.1',
  device: undefined,
  ...changes,
})
const NUMBER = { number: '12345678', expiresAt: '2026-11-20T10:00:00.000Z', mail: 1 }

interface Setting {
  /** undefined: as in production */
  readonly delayMs?: number | undefined
  readonly fails?: boolean
  readonly mailSignIn?: MailSignIn
  readonly reply?: SignInReply
}

/** `calls`: what was asked of the two services, in order. */
function start(setting: Setting = {}) {
  const { delayMs, fails = false, mailSignIn = 'always', reply = NUMBER } = { delayMs: 0, ...setting }
  const calls: string[] = []
  const asked: { email: string; decoy: boolean; unlessPasskey: boolean }[] = []
  const sent: { mail?: unknown; tenantId: string }[] = []
  const call = (name: string) => {
    calls.push(name)
    if (fails) throw new Error('gone')
  }
  const logger = { warn: vi.fn(), debug: vi.fn() }
  const mails = createSignInMails({
    adminEmails: createAdminEmails([ADA]),
    persistence: {
      async beginSignIn(request) {
        asked.push(request)
        call('persistence')
        return request.decoy ? { refused: 'decoy' } : reply
      },
    },
    mailer: {
      async send(message) {
        sent.push(message)
        call('mailer')
        return { message: { state: 'sent' } } as never
      },
      async message() {
        call('mailer')
        return undefined
      },
    },
    mailSignIn,
    logger,
    ...(delayMs === undefined ? {} : { delayMs: () => delayMs }),
  })
  return { asked, calls, logger, mails, sent }
}

test.each([ADA, EVE])(
  '%s costs one call to each service, the same one to persistence, and later',
  async (email) => {
    const { asked, calls, mails } = start()
    mails.send(mail({ email }))
    expect(calls).toEqual([])
    await eventually(() => expect(calls).toEqual(['persistence', 'mailer']))
    expect(asked).toMatchObject([{ email, decoy: email === EVE, network: '192.0.2.1' }])
  },
)

test('a mail goes out after 0.1 to 1.5 s, which nobody can foretell', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { asked, mails } = start({ delayMs: undefined })
  for (let i = 0; i < 200; i++) mails.send(mail({ email: `${i}@example.com`, network: `192.0.2.${i}` }))
  await vi.advanceTimersByTimeAsync(99)
  expect(asked).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(800)
  expect(asked.length).toBeGreaterThan(20)
  expect(asked.length).toBeLessThan(180)
  await vi.advanceTimersByTimeAsync(601)
  expect(asked).toHaveLength(200)
})

test('the mail names no relay and no sender of a tenant', async () => {
  const { mails, sent } = start()
  mails.send(mail())
  await mails.close()
  expect(sent).toHaveLength(1)
  expect(sent[0]).not.toHaveProperty('mail')
})

test('a ticket that waits already is not mailed twice', async () => {
  const { calls, mails } = start({ delayMs: 60_000 })
  const one = mail()
  for (let i = 0; i < 5; i++) mails.send(one)
  await mails.close()
  expect(calls).toEqual(['persistence', 'mailer'])
})

test('a flood of one network is cut and logged once; others are served, and so is a known browser of that network', async () => {
  const { asked, logger, mails } = start({ delayMs: 60_000 })
  for (let i = 0; i < 1000; i++) mails.send(mail({ email: `${i}@example.com` }))
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith({ reason: 'queue', dropped: 1 }, expect.any(String))
  mails.send(mail({ network: '192.0.2.2' }))
  for (let i = 0; i < 5; i++) mails.send(mail({ device: 'ada-at-home' }))
  mails.send(mail({ device: 'ada-at-work' }))
  await mails.close()
  expect(asked).toHaveLength(20 + 1 + 3 + 1)
  expect(logger.warn).toHaveBeenCalledWith({ reason: 'queue', dropped: 979 }, expect.any(String))
})

test('strangers of ever so many networks leave room for known browsers', async () => {
  const { asked, mails } = start({ delayMs: 60_000 })
  for (let i = 0; i < 2100; i++) mails.send(mail({ network: `network ${i}` }))
  mails.send(mail({ device: 'ada-at-home' }))
  await mails.close()
  expect(asked).toHaveLength(2001)
})

test('what is dropped for an admin is logged, and a decoy is not', async () => {
  const { logger, mails } = start({ reply: { refused: 'address' } })
  mails.send(mail({ email: EVE }))
  mails.send(mail())
  await mails.close()
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith({ reason: 'address', dropped: 1 }, expect.any(String))
})

test.each([
  ['always', false, false],
  ['without-passkey', false, true],
  ['never', true, true],
] as const)('mail sign-in %s', async (mailSignIn, decoy, unlessPasskey) => {
  const { asked, mails } = start({ mailSignIn })
  mails.send(mail())
  await mails.close()
  expect(asked).toMatchObject([{ decoy, unlessPasskey }])
})

test('a fault is logged and harms nobody', async () => {
  const { logger, mails } = start({ delayMs: 60_000, fails: true })
  mails.send(mail())
  mails.send(mail({ email: EVE }))
  await mails.close()
  expect(logger.warn).toHaveBeenCalledOnce()
  expect(logger.debug).toHaveBeenCalledOnce()
})
