import { expect, test } from 'vitest'
import { createTestMailLimit } from '../../src/previews/test-mail-limit.ts'
import { redisOfFile } from '../redis-of-file.ts'
import { keyRing } from '../running-mailer.ts'

const redis = await redisOfFile()

test('an address is counted by what mailers of other versions count it by: 18 bytes as base64url', async () => {
  expect(await createTestMailLimit(redis, keyRing)('demo', 'ada@example.com')).toBe(0)
  const keys = (await redis.keys('*')).sort()
  expect(keys).toEqual([
    'ea:mail:{test:demo}:all',
    expect.stringMatching(/^ea:mail:\{test:demo\}:to:[\w-]{24}$/),
  ])
})

test('an address gets 5 test mails in ten minutes, a tenant sends 30 in an hour', async () => {
  const limit = createTestMailLimit(redis, keyRing)
  const waits = async (count: number, addressOf: (at: number) => string) => {
    const seconds = []
    for (let at = 0; at < count; at++) seconds.push(await limit('demo', addressOf(at)))
    return seconds
  }
  const ofOne = await waits(6, () => 'ada@example.com')
  expect(ofOne.slice(0, 5)).toEqual(Array(5).fill(0))
  expect(ofOne[5]).toBeGreaterThan(480)
  expect(ofOne[5]).toBeLessThanOrEqual(600)
  const ofAll = await waits(26, (at) => `user${at}@example.com`)
  expect(ofAll.slice(0, 25)).toEqual(Array(25).fill(0))
  expect(ofAll[25]).toBeGreaterThan(3480)
  expect(ofAll[25]).toBeLessThanOrEqual(3600)
})
