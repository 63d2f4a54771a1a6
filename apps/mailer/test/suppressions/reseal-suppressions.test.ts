import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { resealSuppressions } from '../../src/suppressions/reseal-suppressions.ts'
import { createSuppressions } from '../../src/suppressions/suppression-store.ts'
import { redisOfFile } from '../redis-of-file.ts'

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)
const before = createKeyRing([OLD])
const both = createKeyRing([NEW, OLD])
const after = createKeyRing([NEW])

const redis = await redisOfFile()

const listed = async (tenantId: string) => {
  const { addresses } = await createSuppressions(redis, after, Date.now).page(tenantId, 500, undefined)
  return addresses.map(({ email }) => email)
}

test('suppressions outlive the key that wrote them, in their order and with their life', async () => {
  let now = 1_000_000
  const written = createSuppressions(redis, before, () => now++)
  const emails = Array.from({ length: 450 }, (_, i) => `gone-${i}@example.com`)
  for (const email of emails) await written.add('demo', email, `550 no ${email}`)
  await written.add('other', 'alone@example.com', '550 no')
  expect(await resealSuppressions(redis, both)).toBe(451)
  expect(await resealSuppressions(redis, both)).toBe(0)
  const read = createSuppressions(redis, after, Date.now)
  expect(await read.reason('demo', 'Gone-7@example.com')).toBe('550 no gone-7@example.com')
  expect(await listed('demo')).toEqual(emails.toReversed())
  expect(await listed('other')).toEqual(['alone@example.com'])
  for (const key of await redis.keys('*')) expect(await redis.pttl(key)).toBeGreaterThan(86_400_000)
  expect(await read.remove('demo', 'gone-7@example.com')).toBe(true)
  expect(await read.reason('demo', 'gone-7@example.com')).toBeUndefined()
})

test('an address that came back under the newest key keeps its newer entry', async () => {
  await createSuppressions(redis, before, () => 1).add('demo', 'gone@example.com', 'the first time')
  await createSuppressions(redis, both, () => 2).add('demo', 'gone@example.com', 'the second time')
  await resealSuppressions(redis, both)
  expect(await listed('demo')).toEqual(['gone@example.com'])
  expect(await createSuppressions(redis, after, Date.now).reason('demo', 'gone@example.com')).toBe(
    'the second time',
  )
})

test('several mailers at once move each entry once; one that is cleared meanwhile stays cleared', async () => {
  const written = createSuppressions(redis, before, Date.now)
  for (let i = 0; i < 50; i++) await written.add('demo', `gone-${i}@example.com`, 'gone')
  const moved = await Promise.all([
    resealSuppressions(redis, both),
    resealSuppressions(redis, both),
    createSuppressions(redis, both, Date.now).remove('demo', 'gone-3@example.com').then(Number),
  ])
  expect(moved[0] + moved[1]).toBeLessThanOrEqual(50)
  expect(await listed('demo')).toHaveLength(49)
})

test('without an older key nothing is looked for, and what nobody can read any more stays', async () => {
  await createSuppressions(redis, before, Date.now).add('demo', 'gone@example.com', 'gone')
  expect(await resealSuppressions(redis, after)).toBe(0)
  expect(await resealSuppressions(redis, createKeyRing([NEW, Buffer.alloc(32, 3)]))).toBe(0)
  expect(await redis.hlen('ea:mail:{suppressed:demo}:entries')).toBe(1)
})
