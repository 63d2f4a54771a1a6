import { expect, test, vi } from 'vitest'
import { createAdminEmails } from './admin-emails.ts'
import type { MailSignIn } from './mail-sign-in.ts'
import type { SignInMail } from './sign-in-mails.ts'
import { createSignIns } from './sign-ins.ts'

const [ADA, EVE] = ['ada@example.com', 'eve@example.com']

function start({
  isRight = true,
  mailSignIn = 'always',
}: {
  isRight?: boolean
  mailSignIn?: MailSignIn
} = {}) {
  const clock = { ms: 1_000_000 }
  const mailed: SignInMail[] = []
  const finishSignIn = vi.fn(async () => isRight)
  const createSession = vi.fn(async (email: string) => ({ session: { email }, secret: 's' }) as never)
  const signIns = createSignIns({
    adminEmails: createAdminEmails([ADA]),
    persistence: { finishSignIn, createSession },
    mailer: { drop: vi.fn() },
    mails: { send: (mail) => void mailed.push(mail) },
    mailSignIn,
    serviceTokens: ['s'.repeat(32)],
    now: () => clock.ms,
  })
  const begin = (email = ADA, ticket?: string, clientIp = '192.0.2.1') =>
    signIns.begin({ email, clientIp, ticket, device: undefined })
  return { begin, clock, createSession, finishSignIn, mailed, signIns }
}

test('a browser that asks again keeps its ticket and number, while enough of its time is left', () => {
  const { begin, clock, mailed } = start()
  const first = begin()
  clock.ms += (600 - 121) * 1000
  begin(' ADA@Example.com ', first)
  begin(EVE, first)
  clock.ms += 1000
  begin(ADA, first)
  begin(ADA, 'nonsense')
  const [one, again, other, late, fresh] = mailed.map(({ ticketId }) => ticketId)
  expect(again).toBe(one)
  // 17 random bytes.
  expect(one).toMatch(/^[\w-]{23}$/)
  expect(new Set([one, other, late, fresh]).size).toBe(4)
})

test('a ticket has a moment: after its time it opens nothing, whatever the browser keeps', async () => {
  const { begin, clock, finishSignIn, signIns } = start()
  const ticket = begin()
  clock.ms += 600_000 - 1
  expect(await signIns.finish(ticket, '12345678')).toHaveProperty('session')
  clock.ms += 1
  expect(await signIns.finish(ticket, '12345678')).toHaveProperty('code', 'WRONG_CREDENTIALS')
  expect(finishSignIn).toHaveBeenCalledTimes(1)
})

test('a right and a wrong number, of an admin and of a stranger, cost the same one call', async () => {
  for (const email of [ADA, EVE]) {
    const { begin, createSession, finishSignIn, signIns } = start({ isRight: false })
    await signIns.finish(begin(email), '00000000')
    expect(finishSignIn).toHaveBeenCalledTimes(1)
    expect(finishSignIn).toHaveBeenCalledWith(expect.objectContaining({ email, number: '00000000' }))
    expect(createSession).not.toHaveBeenCalled()
  }
})

test('a text that is too long for a number is not looked through', async () => {
  const { begin, finishSignIn, signIns } = start()
  const line = (length: number) => 'Code: 1234 5678.'.padEnd(length, ' -')
  expect(await signIns.finish(begin(), line(256))).toHaveProperty('session')
  expect(finishSignIn).toHaveBeenCalledWith(expect.objectContaining({ number: '12345678' }))
  expect(await signIns.finish(begin(), line(257))).toHaveProperty('code', 'WRONG_CREDENTIALS')
  expect(finishSignIn).toHaveBeenCalledTimes(1)
})

test('only an admin gets a session, even with a right number', async () => {
  const { begin, createSession, signIns } = start()
  expect(await signIns.finish(begin(EVE), '12345678')).toHaveProperty('code', 'WRONG_CREDENTIALS')
  expect(createSession).not.toHaveBeenCalled()
})

test('where mail sign-in is off, no number opens anything', async () => {
  const { begin, signIns } = start({ mailSignIn: 'never' })
  expect(await signIns.finish(begin(), '12345678')).toHaveProperty('code', 'WRONG_CREDENTIALS')
})

test.each([
  ['1.2.3.4:4711', '1.2.3.4'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['[2001:db8::1]:80', '2001:db8::/64'],
  ['unknown', 'unknown'],
  ['1.2.3.4.5', 'unknown'],
])('the client %s counts as %s', (clientIp, network) => {
  const { begin, mailed } = start()
  begin(ADA, undefined, clientIp)
  expect(mailed[0]?.network).toBe(network)
})
