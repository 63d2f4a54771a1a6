import type { ApiKey } from '@emailauth/contracts/api-keys'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { hashSecret } from '@emailauth/secrets/digest'
import { expect, test, vi } from 'vitest'
import { actorOf, createCallers, MOST_KEYS } from './caller.ts'

const apiKey: ApiKey = {
  id: 'abcdefghijkl',
  scope: 'tenant',
  tenantId: 'demo',
  name: 'tests',
  createdAt: '2026-11-20T10:00:00.000Z',
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
  createdBy: null,
}
const { key, keyId, secret } = generateApiKey()
const header = `Bearer ${key}`

// lru-cache takes a time of 0 for none.
let nowMs = 1
const clock = { now: () => nowMs }

test('a good key is believed for 3 s, and persistence sees only the digest of its secret', async () => {
  const authenticate = vi.fn(async () => apiKey)
  const callers = createCallers({ authenticate }, clock)
  const caller = { scope: 'tenant', apiKeyId: apiKey.id, tenantId: 'demo' }
  expect(await callers.identify(header)).toEqual(caller)
  expect(authenticate).toHaveBeenCalledWith({ keyId, secretDigest: hashSecret(secret), test: false })
  nowMs += 2999
  expect(await callers.identify(header)).toEqual(caller)
  expect(authenticate).toHaveBeenCalledTimes(1)
  nowMs += 2
  await callers.identify(header)
  expect(authenticate).toHaveBeenCalledTimes(2)
})

test('a bad key is not asked about again for 1 s', async () => {
  const authenticate = vi.fn(async (): Promise<ApiKey | undefined> => undefined)
  const callers = createCallers({ authenticate }, clock)
  expect(await callers.identify(header)).toBeUndefined()
  expect(await callers.identify(header)).toBeUndefined()
  expect(authenticate).toHaveBeenCalledTimes(1)
  nowMs += 999
  expect(await callers.identify(header)).toBeUndefined()
  nowMs += 2
  authenticate.mockResolvedValue(apiKey)
  expect(await callers.identify(header)).toMatchObject({ apiKeyId: apiKey.id })
})

test('calls with one key share one look-up; a fault reaches all of them and is not cached', async () => {
  const authenticate = vi.fn(async () => apiKey)
  authenticate.mockRejectedValueOnce(new Error('down'))
  const callers = createCallers({ authenticate })
  const ask = async () => callers.identify(header)
  const failed = await Promise.allSettled([ask(), ask(), ask()])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(authenticate).toHaveBeenCalledTimes(1)
  await Promise.all([ask(), ask(), ask()])
  expect(authenticate).toHaveBeenCalledTimes(2)
})

test('what is no key costs no look-up', async () => {
  const authenticate = vi.fn(async () => apiKey)
  const callers = createCallers({ authenticate })
  for (const bad of [
    undefined,
    '',
    'Bearer',
    'Bearer x',
    key,
    `Basic ${key}`,
    `${header}x`,
    `${header}, ${header}`,
  ]) {
    expect(callers.identify(bad)).toBeUndefined()
  }
  expect(authenticate).not.toHaveBeenCalled()
})

test('the scheme may be written in any case, as RFC 9110 says', async () => {
  const callers = createCallers({ authenticate: async () => apiKey })
  expect(await callers.identify(`bearer ${key}`)).toBeDefined()
})

test('a key that was revoked here is forgotten at once, others are not', async () => {
  const authenticate = vi.fn(async () => apiKey)
  const callers = createCallers({ authenticate })
  await callers.identify(header)
  callers.forget('another-one-')
  await callers.identify(header)
  expect(authenticate).toHaveBeenCalledTimes(1)
  callers.forget(apiKey.id)
  await callers.identify(header)
  expect(authenticate).toHaveBeenCalledTimes(2)
})

test('two keys with one id do not share an answer', async () => {
  const authenticate = vi.fn(async ({ secretDigest }: { secretDigest: string }) =>
    secretDigest === hashSecret(secret) ? apiKey : undefined,
  )
  const callers = createCallers({ authenticate })
  expect(await callers.identify(header)).toBeDefined()
  expect(await callers.identify(`Bearer ${generateApiKey().key}`)).toBeUndefined()
})

test('who is looked up while 10,000 other keys are is told who it is', async () => {
  const answers: (() => void)[] = []
  const authenticate = () => new Promise<ApiKey>((answer) => answers.push(() => answer(apiKey)))
  const callers = createCallers({ authenticate })
  const first = callers.identify(header)
  const others = Array.from({ length: MOST_KEYS }, () => callers.identify(`Bearer ${generateApiKey().key}`))
  for (const answer of answers) answer()
  expect(await first).toMatchObject({ apiKeyId: apiKey.id })
  await Promise.all(others)
})

test('persistence is told the id of a key, and of an admin the address and the session', () => {
  expect(actorOf({ scope: 'admin', apiKeyId: 'abcdefghijkl' })).toEqual({
    kind: 'api-key',
    id: 'abcdefghijkl',
  })
  const moment = '2026-11-20T10:00:00.000Z'
  const times = { createdAt: moment, expiresAt: moment, idleExpiresAt: moment }
  const session = { id: '0123456789abcdef', email: 'ada@example.com', ...times, passkeyId: null }
  expect(actorOf({ scope: 'admin', session })).toEqual({
    kind: 'admin',
    id: 'ada@example.com',
    sessionId: '0123456789abcdef',
  })
})
