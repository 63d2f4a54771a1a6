import { SESSION_IDLE_SECONDS, SESSION_MAX_SECONDS } from '@emailauth/contracts/sessions'
import { hashSecret } from '@emailauth/secrets/digest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from './service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

test('sessions: shown once, kept alive by use, never beyond their end, revoked for good', async () => {
  const begin = async () => (await listener.call('POST', '/v1/sessions', { email: 'ada@example.com' })).body
  const ask = ({ session, secret }: { session: { id: string }; secret: string }) =>
    listener.call('POST', '/v1/sessions/authenticate', {
      sessionId: session.id,
      secretDigest: hashSecret(secret),
    })
  const one = await begin()
  expect(Buffer.from(one.secret, 'base64url')).toHaveLength(32)
  expect((await ask(one)).body).toEqual(one.session)
  expect((await ask({ ...one, secret: 'x' })).status).toBe(404)
  const key = `ea:session:${one.session.id}`
  await listener.it.redis.pexpire(key, 1000)
  await ask(one)
  expect(await listener.it.redis.pttl(key)).toBeGreaterThan((SESSION_IDLE_SECONDS - 60) * 1000)
  listener.it.clock.ms += (SESSION_MAX_SECONDS - 60) * 1000
  await ask(one)
  expect(await listener.it.redis.pttl(key)).toBeLessThanOrEqual(60_000)
  listener.it.clock.ms += 60_000
  expect((await ask(one)).status).toBe(404)

  const [two, three] = [await begin(), await begin()]
  expect((await listener.call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(204)
  expect((await listener.call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(404)
  expect((await ask(two)).status).toBe(404)
  const { sessions } = (await listener.call('GET', '/v1/sessions')).body
  expect(sessions.map(({ id }: { id: string }) => id)).toContain(three.session.id)
  expect(JSON.stringify(sessions)).not.toContain(hashSecret(three.secret))
})
