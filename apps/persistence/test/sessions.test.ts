import { SESSION_IDLE_SECONDS, SESSION_MAX_SECONDS } from '@emailauth/contracts/sessions'
import { hashSecret } from '@emailauth/secrets/digest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDoor, type TestDoor } from './door.ts'

let door: TestDoor
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door?.close())

test('sessions: shown once, kept alive by use, never beyond their end, revoked for good', async () => {
  const begin = async () => (await door.call('POST', '/v1/sessions', { email: 'ada@example.com' })).body
  const ask = ({ session, secret }: { session: { id: string }; secret: string }) =>
    door.call('POST', '/v1/sessions/authenticate', {
      sessionId: session.id,
      secretDigest: hashSecret(secret),
    })
  const one = await begin()
  expect(Buffer.from(one.secret, 'base64url')).toHaveLength(32)
  expect((await ask(one)).body).toEqual(one.session)
  expect((await ask({ ...one, secret: 'x' })).status).toBe(404)
  const key = `ea:session:${one.session.id}`
  await door.it.redis.pexpire(key, 1000)
  await ask(one)
  expect(await door.it.redis.pttl(key)).toBeGreaterThan((SESSION_IDLE_SECONDS - 60) * 1000)
  door.it.clock.ms += (SESSION_MAX_SECONDS - 60) * 1000
  await ask(one)
  expect(await door.it.redis.pttl(key)).toBeLessThanOrEqual(60_000)
  door.it.clock.ms += 60_000
  expect((await ask(one)).status).toBe(404)

  const [two, three] = [await begin(), await begin()]
  expect((await door.call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(204)
  expect((await door.call('DELETE', `/v1/sessions/${two.session.id}`)).status).toBe(404)
  expect((await ask(two)).status).toBe(404)
  const { sessions } = (await door.call('GET', '/v1/sessions')).body
  expect(sessions.map(({ id }: { id: string }) => id)).toContain(three.session.id)
  expect(JSON.stringify(sessions)).not.toContain(hashSecret(three.secret))
})
