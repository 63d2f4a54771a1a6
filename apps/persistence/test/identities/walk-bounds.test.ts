import { expect, test } from 'vitest'
import { createSweeper, sweeps } from '../../src/identities/sweeper.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { HOUR_MS } from '../events/recorded-events.ts'

test('in twelve hours a walk comes to every tenant once, so that nothing unlisted waits longer', async () => {
  const asked: string[] = []
  const exists = async (name: string) => {
    asked.push(name)
    return 0
  }
  const ids = Array.from({ length: 7201 }, (_, i) => `t${i}`)
  let reads = 0
  const sweeper = createSweeper({
    context: { redis: { exists }, partitions: 2 } as never,
    due: undefined as never,
    tenants: {
      async ids() {
        reads += 1
        return [...ids]
      },
    },
  })
  const walk = sweeps(sweeper).find(({ name }) => name === 'walk')
  const rounds = (12 * HOUR_MS) / (walk?.everyMs ?? 0)
  expect(rounds).toBe(10_800)
  let mostOfARound = 0
  for (let round = 0; round < rounds; round++) {
    const before = asked.length
    await walk?.run({ signal: AbortSignal.abort(), leased() {}, rest() {} })
    mostOfARound = Math.max(mostOfARound, asked.length - before)
  }
  expect(new Set(asked)).toEqual(
    new Set(ids.flatMap((id) => [0, 1].map((at) => `${keyPrefix(id, at)}swept`))),
  )
  expect(asked).toHaveLength(2 * ids.length)
  expect(mostOfARound).toBe(2)
  // Once an hour, so that a new tenant does not wait for longer.
  expect(reads).toBeGreaterThanOrEqual(12)
  expect(reads).toBeLessThanOrEqual(13)
})
