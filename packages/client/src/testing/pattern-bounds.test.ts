import { expect, test } from 'vitest'
import { createIdempotency } from './fake-idempotency.ts'
import { createFakeStore } from './fake-store.ts'
import { readDescription, readPage, readReplay } from './fake-webhook-input.ts'

// The longest text that the fake takes, its length written out. One more is refused, as by emailauth.

const digits = (length: number) => '1'.repeat(length)
const passes = (act: (value: string) => unknown) => (value: string) => {
  try {
    act(value)
    return true
  } catch {
    return false
  }
}
const { readAddress } = createFakeStore(Date.now, true)
const replay = (id: string) => readReplay({ endpointId: 'demo.wh_1', eventIds: [id] } as never)

test.each<[string, (value: string) => boolean, number, (length: number) => string]>([
  [
    'an idempotency key',
    passes((idempotencyKey) =>
      createIdempotency(Date.now).once('register', { idempotencyKey }, () => ({ __typename: 'Registered' })),
    ),
    200,
    digits,
  ],
  [
    'what stands before the @',
    (address) => readAddress(address) !== undefined,
    64,
    (n) => `${digits(n)}@example.com`,
  ],
  ['the description of a webhook', passes(readDescription), 80, digits],
  ['the id of an event of the fake', passes(replay), 15, digits],
  [
    'the partition in the id of an event',
    passes(replay),
    50,
    (n) => `${digits(12)}-${digits(8)}-${digits(n)}`,
  ],
  ['the time in a cursor', passes((after) => readPage(1, after)), 16, (n) => `${digits(n)}-1`],
  ['the count in a cursor', passes((after) => readPage(1, after)), 20, (n) => `1-${digits(n)}`],
])('%s has its bound', (_what, takes, most, make) => {
  expect([takes(make(most)), takes(make(most + 1))]).toEqual([true, false])
})
