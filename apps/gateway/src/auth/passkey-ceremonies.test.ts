import { PASSKEY_CHALLENGE_SECONDS } from '@emailauth/contracts/passkeys'
import type { Session } from '@emailauth/contracts/sessions'
import { expect, test, vi } from 'vitest'
import type { CookieName, Cookies } from '../access/cookies.ts'
import { createAdminEmails } from './admin-emails.ts'
import { createPasskeyCeremonies, FRESH_SECONDS } from './passkey-ceremonies.ts'
import { createRelyingParty, isPublicUrl } from './relying-party.ts'

const startedAtMs = Date.parse('2026-11-20T10:00:00.000Z')
const session = { email: 'ada@example.com', createdAt: new Date(startedAtMs).toISOString() } as Session

function start() {
  const clock = { ms: startedAtMs }
  const kept = new Map<CookieName, string>()
  const cookies: Cookies = {
    host: 'localhost:4000',
    read: (name) => kept.get(name),
    write: (name, value) => void kept.set(name, value),
    clear: () => {},
  }
  const passkey = vi.fn(async () => undefined)
  const ceremonies = createPasskeyCeremonies({
    adminEmails: createAdminEmails(['ada@example.com']),
    persistence: {
      passkey,
      passkeysOf: async () => [],
      createPasskey: vi.fn(),
      removePasskey: vi.fn(),
      usePasskey: vi.fn(),
      claimChallenge: vi.fn(),
      createSession: vi.fn(),
    },
    relyingParty: createRelyingParty(undefined),
    mailSignIn: 'always',
    serviceTokens: ['s'.repeat(32)],
    now: () => clock.ms,
  })
  return { ceremonies, clock, cookies, passkey }
}

test('passkeys are added and removed within 10 minutes of signing in, so that a cookie that is stolen later does neither', async () => {
  const { ceremonies, clock, cookies } = start()
  clock.ms += FRESH_SECONDS * 1000 - 1
  await expect(ceremonies.beginRegistration(session, cookies)).resolves.toContain('challenge')
  clock.ms += 1
  await expect(ceremonies.beginRegistration(session, cookies)).rejects.toMatchObject({
    problem: { code: 'forbidden' },
  })
  await expect(ceremonies.register(session, 'x', '{}', cookies)).rejects.toMatchObject({
    problem: { code: 'forbidden' },
  })
  expect(() => ceremonies.requireFresh(session)).toThrow(expect.objectContaining({ name: 'ProblemError' }))
  clock.ms -= 1
  expect(() => ceremonies.requireFresh(session)).not.toThrow()
  expect(FRESH_SECONDS).toBe(600)
})

test('a challenge is taken for 5 minutes, and browsers know that', async () => {
  const { ceremonies, clock, cookies, passkey } = start()
  expect(JSON.parse(await ceremonies.beginRegistration(session, cookies))).toHaveProperty('timeout', 300_000)
  expect(JSON.parse(await ceremonies.beginSignIn(cookies))).toHaveProperty('timeout', 300_000)
  clock.ms += PASSKEY_CHALLENGE_SECONDS * 1000 - 1
  await ceremonies.signIn('{"id":"AAAA"}', cookies)
  expect(passkey).toHaveBeenCalledTimes(1)
  clock.ms += 1
  await ceremonies.signIn('{"id":"AAAA"}', cookies)
  expect(passkey).toHaveBeenCalledTimes(1)
  expect(PASSKEY_CHALLENGE_SECONDS).toBe(300)
})

test('a challenge for one ceremony serves in no other', async () => {
  const { ceremonies, cookies, passkey } = start()
  await ceremonies.beginRegistration(session, cookies)
  expect(await ceremonies.signIn('{"id":"AAAA"}', cookies)).toBeUndefined()
  expect(passkey).not.toHaveBeenCalled()
})

test.each([
  [undefined, 'localhost:4000', { id: 'localhost', origin: 'http://localhost:4000' }],
  [undefined, 'LOCALHOST', { id: 'localhost', origin: 'http://localhost' }],
  [undefined, '127.0.0.1:4000', undefined],
  [undefined, 'localhost.evil.example', undefined],
  [undefined, undefined, undefined],
  ['https://a.example/admin', 'evil.example', { id: 'a.example', origin: 'https://a.example' }],
  ['https://a.example:8443', undefined, { id: 'a.example', origin: 'https://a.example:8443' }],
] as const)('with the public URL %s a request to %s is for %j', (publicUrl, host, party) => {
  expect(createRelyingParty(publicUrl)(host)).toEqual(party)
})

test.each([
  ['https://a.example', true],
  ['http://localhost:4000', true],
  ['http://a.example', false],
  ['https://192.0.2.1', false],
  ['https://[2001:db8::1]', false],
  ['http://127.0.0.1:4000', false],
])('passkeys work at %s: %s', (url, isGood) => expect(isPublicUrl(url)).toBe(isGood))

test('an answer of thousands of parts, a text within the body, is not parsed', async () => {
  const { ceremonies, cookies, passkey } = start()
  const signIn = async (parts: number) => {
    await ceremonies.beginSignIn(cookies)
    const items = Array.from({ length: parts }, () => '         0')
    await ceremonies.signIn(`{"id":"AAAA","more":[${items}]}`, cookies)
  }
  await signIn(450)
  expect(passkey).toHaveBeenCalledTimes(1)
  await signIn(550)
  expect(passkey).toHaveBeenCalledTimes(1)
})
