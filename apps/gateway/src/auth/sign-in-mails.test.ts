import { eventually } from '@emailauth/testing/eventually'
import { expect, test, vi } from 'vitest'
import { createAdminEmails } from './admin-emails.ts'
import { createSignInMails, type SignInMail } from './sign-in-mails.ts'

const ADA = 'ada@example.com'
const mail = (changes: Partial<SignInMail> = {}): SignInMail => ({
  email: ADA,
  nonce: 'n',
  clientIp: '192.0.2.1',
  ...changes,
})

/** `hops`: what was asked of the two services, in order. */
function start(delayMs = 0, fails = false) {
  const hops: string[] = []
  const hop = (name: string) => {
    hops.push(name)
    if (fails) throw new Error('gone')
  }
  const logger = { warn: vi.fn(), debug: vi.fn() }
  const mails = createSignInMails({
    adminEmails: createAdminEmails([ADA]),
    registrations: {
      async register() {
        hop('persistence')
        hop('mailer')
        return { __typename: 'Registered' } as never
      },
    },
    persistence: {
      async identities() {
        hop('persistence')
        return {} as never
      },
    },
    mailer: {
      async message() {
        hop('mailer')
        return undefined
      },
    },
    logger,
    delayMs: () => delayMs,
  })
  return { hops, logger, mails }
}

test.each([ADA, 'eve@example.com'])('%s costs one hop to each service, later', async (email) => {
  const { hops, mails } = start()
  mails.send(mail({ email }))
  expect(hops).toEqual([])
  await eventually(() => expect(hops).toEqual(['persistence', 'mailer']))
})

test('a flood of one client is cut, and others are heard', async () => {
  const { hops, mails } = start(60_000)
  for (let i = 0; i < 1000; i++) mails.send(mail({ email: `${i}@example.com` }))
  mails.send(mail({ clientIp: '192.0.2.2' }))
  await mails.close()
  expect(hops.filter((name) => name === 'persistence')).toHaveLength(11)
})

test('what still waits goes out when the gateway closes', async () => {
  const { hops, mails } = start(60_000)
  mails.send(mail())
  await mails.close()
  expect(hops).toEqual(['persistence', 'mailer'])
})

test('a fault is logged and harms nobody', async () => {
  const { logger, mails } = start(60_000, true)
  mails.send(mail())
  mails.send(mail({ email: 'eve@example.com' }))
  await mails.close()
  expect(logger.warn).toHaveBeenCalledOnce()
  expect(logger.debug).toHaveBeenCalledOnce()
})
