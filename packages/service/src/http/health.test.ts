import Fastify, { type FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { startDraining } from './draining.ts'
import { addHealth, READY_FOR_MS, STARTS_FOR_MS } from './health.ts'

test('however many ask, the checks run once at a time and once in a second', async () => {
  expect(READY_FOR_MS).toBe(1000)
  let now = 0
  let asked = 0
  let finish: (() => void)[] = []
  let isWell = true
  const check = () =>
    new Promise<void>((resolve, reject) => {
      asked += 1
      finish.push(() => (isWell ? resolve() : reject(new Error('gone'))))
    })
  const app = Fastify()
  addHealth(app, [{ name: 'redis', check }], { now: () => now })
  const ask = async () => (await app.inject('/readyz')).json()
  const answerAll = async (waiting: Promise<unknown>[]) => {
    while (finish.length === 0) await new Promise(setImmediate)
    for (const end of finish.splice(0)) end()
    return Promise.all(waiting)
  }

  const well = { status: 'ok', checks: { redis: 'ok' } }
  expect(await answerAll(Array.from({ length: 50 }, ask))).toEqual(Array(50).fill(well))
  expect(asked).toBe(1)
  now += READY_FOR_MS - 1
  expect(await ask()).toEqual(well)
  expect(asked).toBe(1)
  isWell = false
  now += 1
  expect(await answerAll([ask(), ask()])).toEqual(
    Array(2).fill({ status: 'unavailable', checks: { redis: 'unavailable' } }),
  )
  expect(asked).toBe(2)
  finish = []
  await app.close()
})

test('the log says why a check begins to fail, and its end, once each; the metrics show it', async () => {
  let now = 0
  let fault: Error | undefined
  const lines: { level: number; msg: string; err?: { message: string } }[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const app = Fastify({ loggerInstance: logger as FastifyBaseLogger })
  const registry = new Registry()
  const check = () => (fault === undefined ? Promise.resolve() : Promise.reject(fault))
  addHealth(app, [{ name: 'redis', check }], { registry, now: () => now })
  const ask = async () => {
    now += READY_FOR_MS
    return (await app.inject('/readyz')).statusCode
  }
  const shown = async () => {
    now += READY_FOR_MS
    return /^emailauth_ready\{check="redis"\} (\d)$/m.exec(await registry.metrics())?.[1]
  }

  expect([await ask(), await shown()]).toEqual([200, '1'])
  fault = new Error('OOM command not allowed')
  expect([await ask(), await ask(), await shown()]).toEqual([503, 503, '0'])
  fault = undefined
  expect([await ask(), await ask(), await shown()]).toEqual([200, 200, '1'])
  expect(lines.map(({ level, msg, err }) => [level, msg, err?.message])).toEqual([
    [40, 'not ready for work: redis', 'OOM command not allowed'],
    [30, 'ready for work again: redis', undefined],
  ])
  // Nobody asks /readyz behind mutual TLS: the scrape alone finds it.
  fault = new Error('gone')
  expect(await shown()).toBe('0')
  expect(lines).toHaveLength(3)
  await app.close()
})

test('what has not succeeded yet is logged as a fault 10 s after the start, because services that start wait for each other', async () => {
  expect(STARTS_FOR_MS).toBe(10_000)
  let now = 500
  const lines: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
  const app = Fastify({ loggerInstance: logger as FastifyBaseLogger })
  const gone = () => Promise.reject(new Error('connect ECONNREFUSED'))
  addHealth(app, [{ name: 'mailer', check: gone }], { now: () => now })
  const ask = async (atMs: number) => {
    now = 500 + atMs
    return (await app.inject('/readyz')).statusCode
  }
  expect([await ask(0), await ask(STARTS_FOR_MS - 1)]).toEqual([503, 503])
  expect(lines).toEqual([])
  expect([await ask(STARTS_FOR_MS + READY_FOR_MS), await ask(STARTS_FOR_MS + 2 * READY_FOR_MS)]).toEqual([
    503, 503,
  ])
  expect(lines).toEqual(['not ready for work: mailer'])
  await app.close()
})

test('an optional check that fails shows in the answer, the metrics and the log, and takes nobody out once the service has started', async () => {
  let now = 0
  let isWell = false
  const lines: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
  const app = Fastify({ loggerInstance: logger as FastifyBaseLogger })
  const registry = new Registry()
  const check = async () => {
    if (!isWell) throw new Error('gone')
  }
  addHealth(app, [{ name: 'mailer', check, isOptional: true }], { registry, now: () => now })
  const ask = async (atMs: number) => {
    now = atMs
    const reply = await app.inject('/readyz')
    return [reply.statusCode, reply.json().checks.mailer]
  }
  // Services that start together wait for each other; one that starts alone does not wait for ever.
  expect(await ask(0)).toEqual([503, 'unavailable'])
  expect(await ask(STARTS_FOR_MS - 1)).toEqual([503, 'unavailable'])
  expect(await ask(STARTS_FOR_MS + READY_FOR_MS)).toEqual([200, 'unavailable'])
  isWell = true
  expect(await ask(STARTS_FOR_MS + 2 * READY_FOR_MS)).toEqual([200, 'ok'])
  isWell = false
  expect(await ask(STARTS_FOR_MS + 3 * READY_FOR_MS)).toEqual([200, 'unavailable'])
  expect(await registry.metrics()).toContain('emailauth_ready{check="mailer"} 0')
  expect(lines).toEqual([
    'not ready for work: mailer',
    'ready for work again: mailer',
    'not ready for work: mailer',
  ])
  await app.close()
})

test('one that drains is ready for nobody new, and for its callers as long as its checks succeed', async () => {
  let isWell = true
  let now = 0
  const check = async () => {
    if (!isWell) throw new Error('gone')
  }
  const app = Fastify()
  addHealth(app, [{ name: 'redis', check }], { now: () => now })
  const ask = async (path: string) => {
    const reply = await app.inject(path)
    return [reply.statusCode, reply.json().status]
  }
  startDraining(app)
  expect(await ask('/readyz')).toEqual([503, 'draining'])
  expect(await ask('/readyz?exclude=nothing')).toEqual([503, 'draining'])
  expect(await ask('/readyz?exclude=draining')).toEqual([200, 'ok'])
  isWell = false
  now += READY_FOR_MS
  expect(await ask('/readyz?exclude=draining')).toEqual([503, 'unavailable'])
  await app.close()
})

test('a check that the caller excludes is named, and makes the process unready until it has succeeded', async () => {
  let now = 0
  let isWell = false
  const app = Fastify()
  const check = async () => {
    if (!isWell) throw new Error('gone')
  }
  addHealth(app, [{ name: 'persistence', check }], { now: () => now })
  const ask = async (path: string) => {
    now += READY_FOR_MS
    const reply = await app.inject(path)
    return [reply.statusCode, reply.json().checks.persistence]
  }
  expect(await ask('/readyz?exclude=persistence')).toEqual([503, 'unavailable'])
  // A wrong setting: it never succeeds, and a rollout stops at this process.
  now += STARTS_FOR_MS
  expect(await ask('/readyz?exclude=persistence')).toEqual([503, 'unavailable'])
  isWell = true
  expect(await ask('/readyz')).toEqual([200, 'ok'])
  isWell = false
  expect(await ask('/readyz')).toEqual([503, 'unavailable'])
  for (const query of [
    'exclude=persistence',
    'exclude=mailer,persistence',
    'exclude=mailer&exclude=persistence',
  ])
    expect(await ask(`/readyz?${query}`)).toEqual([200, 'unavailable'])
  expect(await ask('/readyz?exclude=mailer')).toEqual([503, 'unavailable'])
  await app.close()
})
