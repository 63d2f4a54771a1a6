import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSweeper } from '../../src/identities/sweeper.ts'
import { listDuePartitions } from '../../src/migrations/list-due-partitions.ts'
import type { Migration } from '../../src/migrations/migration.ts'
import { createMigrations, LOCK_MS } from '../../src/migrations/run-migrations.ts'
import { keys } from '../../src/store/keys.ts'
import { register } from '../calls.ts'
import { madeTenant } from '../events/recorded-events.ts'
import { openTestStore, type TestStore } from '../store.ts'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
afterAll(() => it?.close())

const [lock, progress] = keys.migrations
beforeEach(() => it.redis.del(lock, progress))

/** A migration over so many items, one a step. It remembers which steps ran. */
function counting(name: string, items: number, ran: string[]): Migration {
  return {
    name,
    async step(from) {
      const at = Number(from)
      ran.push(`${name} ${at}`)
      return at + 1 < items ? String(at + 1) : undefined
    },
  }
}
const service = (migrations: readonly Migration[], log: string[] = []) =>
  createMigrations(it.redis, migrations, { info: (_: object, line: string) => void log.push(line) } as never)

test('migrations run one after the other, each step once, and never again', async () => {
  const ran: string[] = []
  const all = [counting('first', 3, ran), counting('second', 1, ran)]
  const log: string[] = []
  const one = service(all, log)
  expect(await one.pending()).toEqual(['first', 'second'])
  while (await one.step());
  expect(ran).toEqual(['first 0', 'first 1', 'first 2', 'second 0'])
  expect(log.map((line) => line.split(' ').at(-1))).toEqual(['begins', 'done', 'begins', 'done'])
  expect(await service(all).step()).toBe(false)
  expect(await service(all).pending()).toEqual([])
  expect(await it.redis.exists(lock)).toBe(0)
})

test('a position that reads like the end is a position', async () => {
  const from: string[] = []
  const positions = ['done', 'at done', undefined]
  const odd: Migration = {
    name: 'odd',
    async step(at) {
      from.push(at)
      return positions[from.length - 1]
    },
  }
  while (await service([odd]).step()) await it.redis.del(lock)
  expect(from).toEqual(['', 'done', 'at done'])
})

test('of two services one migrates; when it dies the other goes on where it stopped', async () => {
  const ran: string[] = []
  const all = [counting('long', 4, ran)]
  const [one, two] = [service(all), service(all)]
  expect(await one.step()).toBe(true)
  expect(await two.step()).toBe(false)
  expect(await one.step()).toBe(true)
  const life = await it.redis.pttl(lock)
  expect(life).toBeGreaterThan(LOCK_MS - 10_000)
  expect(LOCK_MS).toBe(30_000)
  // The first service dies, and its lock expires.
  await it.redis.del(lock)
  while (await two.step());
  expect(ran).toEqual(['long 0', 'long 1', 'long 2', 'long 3'])
})

test('a service whose lock has expired in a step does not set back the one that goes on', async () => {
  let slow = async () => {}
  const all: Migration[] = [
    {
      name: 'slow',
      async step(from) {
        await slow()
        return from === '' ? 'a' : undefined
      },
    },
  ]
  const [one, two] = [service(all), service(all)]
  slow = async () => {
    slow = async () => {}
    await it.redis.del(lock)
    while (await two.step());
  }
  await one.step()
  expect(await it.redis.hgetall(progress)).toEqual({ slow: 'done' })
})

test('a step that fails is repeated', async () => {
  let fails = true
  const all: Migration[] = [
    {
      name: 'fragile',
      async step() {
        if (fails) throw new Error('no Redis')
        return undefined
      },
    },
  ]
  const one = service(all)
  await expect(one.step()).rejects.toThrow('no Redis')
  fails = false
  await one.step()
  expect(await one.pending()).toEqual([])
})

test('partitions that an earlier version did not list are listed, some tenants a step', async () => {
  const tenants = await Promise.all(Array.from({ length: 7 }, () => madeTenant(it)))
  for (const tenant of tenants) await register(it.store, tenant)
  await eventually(async () => expect(await it.redis.zcard(keys.due)).toBe(tenants.length))
  await it.redis.del(keys.due)
  const ids = { ids: async () => tenants.map(({ id }) => id) }
  const one = service([listDuePartitions(ids, createSweeper(it.store).visitTenants)])
  await one.step()
  expect(await it.redis.zcard(keys.due)).toBe(5)
  await one.step()
  expect(await it.redis.zcard(keys.due)).toBe(7)
  expect(await one.pending()).toEqual([])
})
