import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { expect } from 'vitest'
import { form, report } from './form.ts'
import { freshAddress, type World } from './world.ts'

const HANGS_MS = form(7000, 60_000)
const WORKS_AGAIN_WITHIN_MS = 5000
const UPDATE = 'mutation { updateTenant(input: { id: "demo", name: "Other" }) { __typename } }'
const IDENTITIES = 'query { identities { nodes { id } } }'

/** A persistence that hangs and goes on is used again, by calls of every kind. */
export async function hangPersistence(world: World): Promise<void> {
  const [gateway, persistence] = [world.clients[0]!, world.persistences[0]!]
  try {
    const key = await world.newTenant()
    const admin = String((await world.persist('/v1/api-keys', { scope: 'admin', name: 'tests' })).key)
    const kinds = {
      register: () => gateway.register(key, { email: freshAddress(), token: 't' }),
      read: () => gateway.ask(key, IDENTITIES),
      change: () => gateway.ask(admin, UPDATE),
    }
    const works = async () => {
      for (const [kind, call] of Object.entries(kinds)) {
        const answer = await call()
        expect([kind, answer.kind, answer.text]).toEqual([
          kind,
          kind === 'register' ? 'Registered' : 'data',
          answer.text,
        ])
      }
    }
    await works()
    process.kill(persistence.pid, 'SIGSTOP')
    const calls: Promise<unknown>[] = []
    for (const until = performance.now() + HANGS_MS; performance.now() < until; await wait(500))
      calls.push(...Object.values(kinds).map((call) => call()))
    process.kill(persistence.pid, 'SIGCONT')
    const wentOnAt = performance.now()
    await eventually(works, 4 * WORKS_AGAIN_WITHIN_MS)
    report('persistence hangs', {
      hungMs: HANGS_MS,
      worksAgainAfterMs: Math.round(performance.now() - wentOnAt),
    })
    await Promise.all(calls)
    await works()
  } finally {
    process.kill(persistence.pid, 'SIGCONT')
  }
}
