import { expect, test } from 'vitest'
import { InputError } from '../client.ts'
import { createIdempotency } from './fake-idempotency.ts'

function start() {
  const clock = { ms: 0 }
  const { once } = createIdempotency(() => clock.ms)
  let runs = 0
  const call = (fields: Record<string, unknown>, __typename = 'Registered') =>
    once('register', fields, () => ({ __typename, run: ++runs })).run
  return { call, clock }
}

test('the same key gets the same answer for 60 s, as with the service', () => {
  const { call, clock } = start()
  const [a, b] = [{ idempotencyKey: 'a' }, { idempotencyKey: 'b' }]
  expect([call(a), call(a), call(b), call({}), call({})]).toEqual([1, 1, 2, 3, 4])
  clock.ms = 59_999
  expect(call(a)).toBe(1)
  clock.ms = 60_000
  expect(call(a)).toBe(5)
})

test('a key stands for one input, however that is written', () => {
  const { call } = start()
  const input = { idempotencyKey: 'a', email: 'ada@example.com', token: 't' }
  expect(call(input)).toBe(1)
  expect(call({ token: 't', email: ' Ada@EXAMPLE.com', locale: null, idempotencyKey: 'a' })).toBe(1)
  expect(() => call({ ...input, token: 'other' })).toThrow(InputError)
  expect(() => call({ ...input, locale: 'es' })).toThrow(/used for another register/)
})

test('what a limit refused is made again with its key', () => {
  const { call } = start()
  expect(call({ idempotencyKey: 'a' }, 'RateLimited')).toBe(1)
  expect(call({ idempotencyKey: 'a' })).toBe(2)
})
