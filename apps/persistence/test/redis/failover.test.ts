import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import type { TestRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examineRedis } from '../../src/diagnostics/hygiene.ts'
import { faultCode, outcome, register, verify } from '../calls.ts'
import { openStoreAt, type TestStore } from '../store.ts'

interface Topology {
  readonly url: string
  replicas(): Promise<readonly TestRedis[]>
  failover(): Promise<TestRedis>
  stop(): Promise<void>
}

const topologies: [string, () => Promise<Topology>][] = [
  ['Sentinel', startSentinel],
  ['Cluster', startReplicatedCluster],
]

async function startReplicatedCluster(): Promise<Topology> {
  const cluster = await startCluster({ replicas: 1 })
  return {
    ...cluster,
    replicas: async () => Promise.all((await cluster.masters()).map(cluster.replicaOf)),
  }
}

const WORKERS = 6
/** Half a second is enough on an idle machine. On a busy one the Sentinels may start another failover. */
const RECOVERED_WITHIN_MS = 30_000
/** A high miss budget, because these tests do not test it. */
const SETTINGS = { missBudgetPerHour: 100_000 }

describe.each(topologies)('%s with a replica that must have every change', (_name, start) => {
  let topology: Topology
  let it: TestStore
  beforeAll(async () => {
    topology = await start()
    it = await openStoreAt(topology.url, {
      clock: 'redis',
      replicas: { count: 1, timeoutMs: 300 },
      commandTimeoutMs: 400,
    })
  })
  afterAll(async () => {
    await it?.close()
    await topology?.stop()
  })

  test('while replicas hang no token leaves; afterwards the same call gets it, once', async () => {
    expect((await examineRedis(it.redis, 1)).map(({ code }) => code)).toEqual(['redis-not-persistent'])
    const tenant = it.tenant(SETTINGS)
    // On a busy machine a replica may not have joined in time, and a caller asks again.
    const { number } = await eventually(() => register(it.store, tenant), 30_000)
    const call = { requestId: randomUUID() }
    const replicas = await topology.replicas()
    for (const { pid } of replicas) process.kill(pid, 'SIGSTOP')
    try {
      for (let i = 0; i < 3; i++)
        expect(await outcome(verify(it.store, tenant, number, call))).toBe('unavailable')
      expect(await outcome(verify(it.store, tenant, number))).toBe('unavailable')
      const other = register(it.store, tenant, { email: 'bob@example.com' })
      expect(await other.catch(faultCode)).toBe('unavailable')
    } finally {
      for (const { pid } of replicas) process.kill(pid, 'SIGCONT')
    }
    const answer = await eventually(() => verify(it.store, tenant, number, call), 30_000)
    expect(answer).toMatchObject({ verification: { token: 'a token' } })
    await eventually(async () => {
      expect(await outcome(verify(it.store, tenant, number))).toBe('wrong-credentials')
    }, 30_000)
  })

  test('the master dies under load, and every acknowledgement holds', async () => {
    const load = startLoad(it)
    await eventually(() => expect(load.verified.size).toBeGreaterThan(50), 30_000)
    const before = load.verified.size
    const victim = await topology.failover()
    // With one replica each, the slots of the dead master are unavailable until it is back as a replica.
    await victim.restart()
    // On a Cluster the addresses are on every master. Each one works again without an operator.
    for (let i = 0; i < 20; i++) {
      await eventually(async () => {
        const { number } = await register(it.store, load.tenant, { email: `after-${i}@example.com` })
        expect(await outcome(verify(it.store, load.tenant, number))).toBe('verified')
      }, RECOVERED_WITHIN_MS)
    }
    await eventually(() => expect(load.verified.size).toBeGreaterThan(before + 50), 30_000)
    await load.stop()

    expect([...load.faults.keys()], 'how calls failed while there was no master').toEqual(['unavailable'])
    // The Sentinels may still move replicas, so it retries unavailable calls, as callers do.
    const answer = (number: string) => {
      const requestId = randomUUID()
      return eventually(async () => {
        const code = await outcome(verify(it.store, load.tenant, number, { requestId }))
        if (code === 'unavailable') throw new Error('Not now.')
        return code
      }, 30_000)
    }
    for (const number of load.verified)
      expect(await answer(number), 'a used number').toBe('wrong-credentials')
    for (const number of load.live) expect(await answer(number), 'an acknowledged number').toBe('verified')
  })
})

/** Registers and verifies without a pause. Records the acknowledged calls and the problems of the others. */
function startLoad({ store, tenant: makeTenant }: TestStore) {
  const tenant = makeTenant(SETTINGS)
  const verified = new Set<string>()
  const live = new Set<string>()
  const faults = new Map<string, number>()
  let stopped = false

  const note = async (code: string) => {
    faults.set(code, (faults.get(code) ?? 0) + 1)
    // Callers that fail at once would take the processor from the servers that fail over.
    await wait(5)
  }

  const work = async (worker: number) => {
    for (let i = 0; !stopped; i++) {
      try {
        const { number } = await register(store, tenant, { email: `user-${worker}-${i}@example.com` })
        live.add(number)
        if (i % 4 === 0) continue
        live.delete(number)
        const ended = await outcome(verify(store, tenant, number))
        // A failed call may have taken effect, so this number is not used any more.
        if (ended === 'verified') verified.add(number)
        else await note(ended)
      } catch (error) {
        await note(faultCode(error))
      }
    }
  }

  const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker))
  return {
    tenant,
    verified,
    live,
    faults,
    async stop() {
      stopped = true
      await Promise.all(workers)
    },
  }
}
