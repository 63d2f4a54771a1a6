import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshAddress, startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())
const bearer = () => ({ authorization: `Bearer ${world.key}` })

test('operations by REST are measured under the names of their GraphQL fields', async () => {
  const series = async (operation: string, code: string) => {
    const { body } = await world.app.inject('/metrics')
    const lines = body.split('\n').filter((line) => line.includes('operation_duration_seconds_count'))
    const line = lines.find((one) => one.includes(`"${operation}"`) && one.includes(`"${code}"`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  const call = async (path: string, payload: object, headers: object = bearer()) =>
    (await world.app.inject({ method: 'POST', url: path, headers: { ...headers }, payload })).statusCode
  const calls: [operation: string, code: string, make: () => Promise<number>, status: number][] = [
    ['register', 'OK', () => call('/v1/registrations', { email: freshAddress(), token: 't' }), 201],
    ['verify', 'OK', () => call('/v1/verifications', { number: '000000000000' }), 404],
    ['resend', 'OK', () => call('/v1/resends', { identityId: 'x' }), 404],
    ['register', 'BAD_USER_INPUT', () => call('/v1/registrations', { email: 'no' }), 400],
    ['verify', 'UNAUTHENTICATED', () => call('/v1/verifications', { number: '1' }, {}), 401],
  ]
  for (const [operation, code, make, status] of calls) {
    const before = await series(operation, code)
    expect(await make()).toBe(status)
    expect([operation, code, await series(operation, code)]).toEqual([operation, code, before + 1])
  }
})

test('REST names the field and what is allowed, never the value', async () => {
  const detail = async (body: object) => {
    const reply = await world.app.inject({
      method: 'POST',
      url: '/v1/registrations',
      headers: bearer(),
      payload: body,
    })
    expect(reply.body).not.toContain('planted')
    return reply.json().detail
  }
  const email = 'ada@example.com'
  expect(await detail({ email })).toBe('token is missing.')
  expect(await detail({ email, token: 5 })).toBe('token must be a text.')
  expect(await detail({ email, token: 't', expiresInSeconds: 5 })).toBe(
    'expiresInSeconds must be 60 to 86,400 seconds.',
  )
  expect(await detail({ email, token: 't', planted: 1 })).toBe('The body has a field that is not known.')
  expect(await detail({ email, token: 't', expiresInSeconds: 'planted' })).toBe(
    'expiresInSeconds must be a number.',
  )
})
