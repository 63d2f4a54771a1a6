import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSweeper, rollUpDelayMs, type SweptPartitions, sweeps } from './sweeper.ts'

test('hours are rolled up within half an hour of their end, spread evenly, each partition at its own time', () => {
  const delays = Array.from({ length: 1000 }, (_, at) =>
    rollUpDelayMs({ tenantId: `tenant${at}`, partition: at % 64 }),
  )
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(0)
    expect(delay).toBeLessThan(1_800_000)
  }
  const early = delays.filter((delay) => delay < 900_000).length
  expect(early).toBeGreaterThan(300)
  expect(early).toBeLessThan(700)
  const again = { tenantId: 'demo', partition: 7 }
  expect(rollUpDelayMs(again)).toBe(rollUpDelayMs(again))
})

function roundsOf(tenants: number, partitions: number) {
  const asked: string[][] = []
  let turn: string[] | undefined
  const exists = async (name: string) => {
    if (turn === undefined) {
      turn = []
      asked.push(turn)
      setImmediate(() => {
        turn = undefined
      })
    }
    turn.push(name)
    return 0
  }
  const sweeper = createSweeper({
    context: { redis: { exists }, partitions } as never,
    due: undefined as never,
    tenants: { ids: async () => Array.from({ length: tenants }, (_, at) => `t${at}`) },
  })
  return { asked, sweeper }
}

test.each([
  [0, 0],
  [1, 1],
  [720, 10],
  [1440, 20],
  [10_800, 150],
  [21_600, 299],
])('of %i tenants %i are walked to in 150 of 10,800 rounds', async (tenants, count) => {
  const { asked, sweeper } = roundsOf(tenants, 1)
  for (let round = 1; round <= 150; round++) await sweeper.walk(10_800)
  const names = new Set(asked.flat())
  // Parts of a tenant are left for the next round.
  expect(Math.abs(names.size - count)).toBeLessThanOrEqual(1)
  expect(asked.length).toBeLessThanOrEqual(150)
})

test.each([1, 2, 5])('of %i tenants one is walked to in every fifteenth round', async (tenants) => {
  const { asked, sweeper } = roundsOf(tenants, 1)
  for (let round = 1; round <= 150; round++) await sweeper.walk(10_800)
  expect(Math.abs(asked.flat().length - 10)).toBeLessThanOrEqual(1)
})

test('the walk asks 128 partitions at a time, so that few writes go to each master', async () => {
  const { asked, sweeper } = roundsOf(5, 64)
  // The first round does not know how many there are.
  await sweeper.walk(1)
  await nextTurn()
  await sweeper.walk(1)
  expect(asked.map((names) => names.length)).toEqual([64, 128, 128, 64])
})

test('a tenant that a walk could not look at is looked at by the next one', async () => {
  let isGone = false
  const asked: string[] = []
  const exists = async (name: string) => {
    if (isGone) throw new Error('Connection is closed.')
    asked.push(name)
    return 0
  }
  const ids = ['a', 'b', 'c', 'd']
  const sweeper = createSweeper({
    context: { redis: { exists }, partitions: 1 } as never,
    due: undefined as never,
    tenants: { ids: async () => [...ids] },
  })
  await sweeper.walk(4)
  isGone = true
  for (let round = 0; round < 5; round++) await expect(sweeper.walk(4)).rejects.toThrow('closed')
  isGone = false
  for (let round = 0; round < 3; round++) await sweeper.walk(4)
  expect(asked).toHaveLength(4)
  expect(new Set(asked).size).toBe(4)
})

function sweepRound(swept: SweptPartitions) {
  const rests: (number | undefined)[] = []
  const [sweep] = sweeps({ sweepDue: async () => swept, walk: async () => {} })
  const round = {
    signal: new AbortController().signal,
    leased: () => {},
    rest: (untilMs?: number) => void rests.push(untilMs),
  }
  return { rests, sweep: () => sweep?.run(round) }
}

test.each([
  [200, true, []],
  [199, false, []],
  [0, false, [5000]],
])('a round that visited %i partitions', async (visited, isMore, rested) => {
  const { sweep, rests } = sweepRound({ visited, nextInMs: 5000 })
  expect([await sweep(), rests]).toEqual([isMore, rested])
})
