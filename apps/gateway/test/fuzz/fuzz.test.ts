import { readdir, readFile } from 'node:fs/promises'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expectWithin } from '@emailauth/testing/timing'
import fc from 'fast-check'
import { Pool } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../world.ts'
import { type HostileRequest, hostileRequest } from './hostile-requests.ts'

/** 10,000 with `pnpm --filter @emailauth/gateway fuzz`; `EMAILAUTH_FUZZ_SEED` repeats a run. */
const COUNT = Number(process.env.EMAILAUTH_FUZZ ?? 240)
const SEED = Number(process.env.EMAILAUTH_FUZZ_SEED ?? Date.now() % 2 ** 31)
const AT_ONCE = 8
const CHUNK = 40

let world: World
let pool: Pool
beforeAll(async () => {
  world = await startWorld()
  pool = new Pool(await world.app.listen({ host: '127.0.0.1', port: 0 }), { connections: AT_ONCE })
})
afterAll(async () => {
  await pool.close()
  await world.stop()
})

async function send({ method, path, headers, body }: HostileRequest) {
  const authorization = `Bearer ${world.key}`
  const reply = await pool.request({ method, path, headers: { authorization, ...headers }, body })
  return { status: reply.statusCode, text: await reply.body.text() }
}

const corpus = new URL('hostile-corpus/', import.meta.url)
test.each(await readdir(corpus))('corpus: %s is refused', async (file) => {
  const content = await readFile(new URL(file, corpus), 'utf8')
  const body = file.endsWith('.body') ? content : JSON.stringify({ query: content })
  const headers = { 'content-type': 'application/json' }
  const { status, text } = await send({ method: 'POST', path: '/graphql', headers, body })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_USER_INPUT')
})

/** Sends the requests, a few at a time, and counts the replies by status. Only the sending is timed. */
async function flood(
  count: number,
  seed: number,
  watch?: IntervalHistogram,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  for (let sent = 0; sent < count; sent += CHUNK) {
    const requests = fc.sample(hostileRequest, { numRuns: Math.min(CHUNK, count - sent), seed: seed + sent })
    watch?.enable()
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
          const { status, text } = await send(request)
          statuses[status] = (statuses[status] ?? 0) + 1
          if (status >= 500 || !/^\{"(errors|data)":/.test(text)) {
            throw new Error(`${status} ${text.slice(0, 300)} for ${JSON.stringify(request).slice(0, 1500)}`)
          }
        }
      }),
    )
    watch?.disable()
  }
  return statuses
}

/** Bytes in use once everything that can go is gone. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 4; round++) collect()
  return process.memoryUsage().heapUsed
}

test('documents that are padded with comments are not kept: each is 2 MB of tokens once it is read', async () => {
  const before = heapUsed()
  for (let n = 0; n < 30; n++) {
    const body = JSON.stringify({ query: `{ viewer { scope } } #${n}\n${'#\n'.repeat(18_000)}` })
    // An admin may send any number of them.
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${world.adminKey}` }
    expect((await send({ method: 'POST', path: '/graphql', headers, body })).status).toBe(200)
  }
  expect(heapUsed() - before).toBeLessThan(20e6)
})

const p99Ms = (delay: IntervalHistogram) => delay.percentile(99) / 1e6

test(`${COUNT} hostile requests, seed ${SEED}: no 5xx, no lag, no memory kept`, async () => {
  // What is kept once and for all, such as code that got compiled, is not what is looked for.
  await flood(Math.min(500, COUNT / 2), SEED + 1_000_000)
  world.log.length = 0
  const before = heapUsed()
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const began = performance.now()
  const cpu = process.cpuUsage()
  const statuses = await flood(COUNT, SEED, delay)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  // The flood keeps one core busy. On a shared machine it gets less CPU and takes longer.
  const starved = Math.max(1, seconds / ((user + system) / 1e6))
  world.log.length = 0
  const after = heapUsed()
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  console.log(
    `fuzz: ${COUNT} in ${seconds.toFixed(1)} s, ${JSON.stringify(statuses)}, event loop delay p99 ${p99Ms(delay).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(0)} ms, heap ${mb(before)} to ${mb(after)}`,
  )
  expectWithin(p99Ms(delay), 100 * starved)
  expect(after).toBeLessThan(before * 1.2)
}, 600_000)
