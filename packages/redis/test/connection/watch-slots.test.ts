import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import type { Cluster } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { watchSlots } from '../../src/connection/watch-slots.ts'

const KEY = '{moved}:key'

test('a slot that has moved is found where it is, without a call that is sent to the wrong master', async () => {
  const servers = await startCluster()
  const redis = (await connectRedis(servers.url, { onError: () => {} })) as Cluster
  const counts = async () => {
    const infos = await Promise.all(servers.nodes.map(({ port }) => redisCommand(port, 'info', 'stats')))
    return infos.map((info) => Number(/total_connections_received:(\d+)/.exec(info)?.[1]))
  }
  let refreshes = 0
  redis.on('refresh', () => {
    refreshes += 1
  })
  try {
    // Once each master was heard, nothing is read anew. A slow reply would be a reason to.
    await eventually(async () => {
      const before = await counts()
      await wait(2000)
      // Those of this test itself.
      expect(await counts()).toEqual(before.map((count) => count + 1))
    }, 60_000)
    const refreshesBefore = refreshes

    const slot = Number(await redis.cluster('KEYSLOT', KEY))
    const ids = await Promise.all(servers.nodes.map(({ port }) => redisCommand(port, 'cluster', 'myid')))
    const portOf = () => redis.nodes('master').find(({ options }) => isOwner(redis, slot, options.port))
    const from = portOf()?.options.port
    const target = ids.find((_, at) => servers.nodes[at]?.port !== from) ?? ''
    for (const { port } of servers.nodes)
      await redisCommand(port, 'cluster', 'setslot', String(slot), 'node', target)
    await eventually(() => expect(refreshes).toBeGreaterThan(refreshesBefore), 30_000)
    const to = servers.nodes[ids.indexOf(target)]?.port
    await eventually(() => expect(portOf()?.options.port).toBe(to), 30_000)
    await redis.set(KEY, 'there')
    expect(await redisCommand(to ?? 0, 'get', KEY)).toBe('there')
  } finally {
    redis.disconnect()
    await servers.stop()
  }
})

/** Whether this connection believes so. */
function isOwner(redis: Cluster, slot: number, port: number | undefined): boolean {
  return redis.slots[slot]?.[0]?.endsWith(`:${port}`) ?? false
}

afterEach(() => void vi.useRealTimers())

/** As much of a connection as is looked at: two masters that answer when they are told to. */
function aConnection() {
  const asked: string[] = []
  const answers: ((slots: unknown) => void)[] = []
  const master = (name: string) => ({
    status: 'ready',
    cluster: () => {
      asked.push(name)
      return new Promise((answer) => answers.push(answer))
    },
  })
  const masters = [master('a'), master('b')]
  let refreshes = 0
  const connection = Object.assign(new EventEmitter(), {
    nodes: () => masters,
    refreshSlotsCache: () => {
      refreshes += 1
    },
  })
  return {
    connection: connection as unknown as Cluster,
    asked,
    refreshes: () => refreshes,
    answer: async (slots: unknown) => {
      answers.shift()?.(slots)
      await vi.advanceTimersByTimeAsync(0)
    },
    open: () => connection.emit('ready'),
    end: () => connection.emit('end'),
  }
}

test('one of the masters in turn is asked each second, and only news are a reason to read the slots', async () => {
  vi.useFakeTimers()
  const { connection, asked, refreshes, answer, open, end } = aConnection()
  watchSlots(connection, [{ host: 'one', port: 1 }])
  open()
  const slots = [[0, 16383]]
  for (let second = 1; second <= 4; second++) {
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toHaveLength(second)
    await answer(slots)
  }
  expect(new Set(asked.slice(0, 2))).toEqual(new Set(['a', 'b']))
  // What each of them said first.
  expect(refreshes()).toBe(2)
  await vi.advanceTimersByTimeAsync(1000)
  await answer([[0, 8000]])
  expect(refreshes()).toBe(3)
  end()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(5)
})

test('without news for a minute one is asked each four seconds, until a node is gone', async () => {
  vi.useFakeTimers()
  const { connection, asked, answer, open, end } = aConnection()
  watchSlots(connection, [{ host: 'rest', port: 1 }])
  open()
  const seconds = async (count: number) => {
    const before = asked.length
    for (let second = 0; second < count; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      await answer([[0, 16383]])
    }
    return asked.length - before
  }
  // What each of them says first is news.
  expect(await seconds(60)).toBe(60)
  await seconds(5)
  expect(await seconds(40)).toBe(10)
  for (const event of ['-node', 'node error']) {
    connection.emit(event)
    expect(await seconds(59)).toBe(59)
    await seconds(5)
    expect(await seconds(40)).toBe(10)
  }
  end()
})

test('a master that says nothing for eleven seconds is left for another one', async () => {
  vi.useFakeTimers()
  const { connection, asked, refreshes, open, end } = aConnection()
  watchSlots(connection, [{ host: 'two', port: 2 }])
  open()
  await vi.advanceTimersByTimeAsync(11_000)
  expect([asked.length, refreshes()]).toEqual([1, 0])
  await vi.advanceTimersByTimeAsync(1000)
  expect(new Set(asked)).toEqual(new Set(['a', 'b']))
  expect(refreshes()).toBe(1)
  end()
})

test('connections of a process to one Cluster share the questions and the news', async () => {
  vi.useFakeTimers()
  const [first, second] = [aConnection(), aConnection()]
  for (const { connection, open } of [first, second]) {
    watchSlots(connection, [{ host: 'three', port: 3 }])
    open()
  }
  await vi.advanceTimersByTimeAsync(1000)
  await first.answer([[0, 16383]])
  expect([first.refreshes(), second.refreshes(), second.asked]).toEqual([1, 1, []])
  first.end()
  await vi.advanceTimersByTimeAsync(1000)
  expect(second.asked).toHaveLength(1)
  second.end()
})

test('a connection whose commands may block is asked only where no other one is', async () => {
  vi.useFakeTimers()
  const [blocking, other] = [aConnection(), aConnection()]
  const nodes = [{ host: 'four', port: 4 }]
  watchSlots(blocking.connection, nodes, true)
  watchSlots(other.connection, nodes)
  blocking.open()
  other.open()
  await vi.advanceTimersByTimeAsync(1000)
  await other.answer([[0, 16383]])
  expect([blocking.asked.length, other.asked.length]).toEqual([0, 1])
  other.end()
  await vi.advanceTimersByTimeAsync(1000)
  expect(blocking.asked).toHaveLength(1)
  blocking.end()
})
