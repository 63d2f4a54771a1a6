import { rm } from 'node:fs/promises'
import type { Finding } from '@emailauth/contracts/diagnostics'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { examineWrites } from '../../src/diagnostics/room-for-writes.ts'
import { HEADERS, SERVICE_TOKEN } from '../service.ts'
import { openStoreAt, type TestStore } from '../store.ts'

let server: TestRedis
let it: TestStore
beforeAll(async () => {
  server = await startRedis('--appendonly', 'yes')
  it = await openStoreAt(server.url)
})
afterAll(async () => {
  await it?.close()
  await server?.stop()
})
afterEach(async () => {
  await it.redis.config('SET', 'maxmemory', '0', 'min-replicas-to-write', '0')
})

const ask = async (store: TestStore = it): Promise<Finding[]> => {
  const app = await buildPersistence({ store: store.store, serviceToken: SERVICE_TOKEN })
  try {
    const reply = await app.inject({ url: '/v1/diagnostics', headers: HEADERS })
    expect(reply.statusCode).toBe(200)
    return reply.json().findings
  } finally {
    await app.close()
  }
}

/** INFO of a server that takes writes. */
const serverOf = (lines: Record<string, number | string>) =>
  ({
    info: async () =>
      Object.entries(lines)
        .map(([name, value]) => `${name}:${value}\r\n`)
        .join(''),
    set: async () => 'OK',
  }) as never

test.each([
  [799, []],
  [800, [['redis-memory', 'warn']]],
  [999, [['redis-memory', 'warn']]],
  [1000, [['redis-memory', 'fail']]],
])('%i of 1,000 bytes of maxmemory', async (used, expected) => {
  // Buffers for replicas and the append-only file do not count.
  const found = await examineWrites(
    serverOf({ maxmemory: 1000, used_memory: used + 50, mem_not_counted_for_evict: 50 }),
  )
  expect(found.map(({ code, level }) => [code, level])).toEqual(expected)
})

test('a full Redis that evicts refuses nothing; that it evicts is another finding', async () => {
  const full = { maxmemory: 1000, used_memory: 1000, maxmemory_policy: 'allkeys-lru' }
  expect(await examineWrites(serverOf(full))).toEqual([])
})

test('a full Redis is a failure with its share, and none without a bound', async () => {
  expect(await ask()).toEqual([])
  await it.redis.config('SET', 'maxmemory', '1')
  const findings = await ask()
  expect(findings).toMatchObject([{ code: 'redis-memory', level: 'fail' }])
  expect(findings[0]?.detail).toMatch(
    /^Redis uses \d+ % of its maxmemory\. Redis takes no writes: its memory is full/,
  )
  expect(findings[0]?.fix).toContain('maxmemory')
})

test('a Redis that takes no writes for another reason is a failure with its reply', async () => {
  await it.redis.config('SET', 'min-replicas-to-write', '1')
  const findings = await ask()
  expect(findings).toMatchObject([{ code: 'redis-refuses-writes', level: 'fail' }])
  expect(findings[0]?.detail).toContain('NOREPLICAS')
})

test.each([
  ['yes', 'aof_last_write_status', 'fail', 'may be lost'],
  ['no', 'rdb_last_bgsave_status', 'fail', 'may be lost'],
  ['yes', 'rdb_last_bgsave_status', 'warn', 'may stop'],
])('append-only %s, %s err: %s', async (appendOnly, field, level, detail) => {
  const found = await examineWrites(serverOf({ aof_enabled: appendOnly === 'yes' ? 1 : 0, [field]: 'err' }))
  expect(found).toMatchObject([{ code: 'redis-disk', level, detail: expect.stringContaining(detail) }])
})

test('a Redis whose disk takes nothing (MISCONF) is a failure, until a save works again', async () => {
  const broken = await startRedis('--save', '3600 1000000')
  const store = await openStoreAt(broken.url)
  try {
    await rm(broken.folder, { recursive: true })
    await store.redis.bgsave()
    await expect
      .poll(async () => (await store.redis.info('persistence')).includes('bgsave_status:err'))
      .toBe(true)
    const findings = (await ask(store)).filter(({ code }) => code !== 'redis-not-persistent')
    expect(findings).toMatchObject([{ code: 'redis-disk', level: 'fail' }])
    expect(findings[0]?.detail).toContain('MISCONF')
    await store.redis.config('SET', 'stop-writes-on-bgsave-error', 'no')
    expect((await ask(store)).find(({ code }) => code === 'redis-disk')?.detail).toContain('may be lost')
  } finally {
    await store.close()
    await broken.stop()
  }
})
