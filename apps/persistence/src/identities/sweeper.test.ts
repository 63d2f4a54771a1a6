import { expect, test } from 'vitest'
import { rollUpDelayMs, type SweptPartitions, sweeps } from './sweeper.ts'

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

function roundsOf(tenants: number, swept: SweptPartitions) {
  const walked: number[] = []
  const rests: (number | undefined)[] = []
  const [sweep, walk] = sweeps(
    {
      sweepDue: async () => swept,
      visitTenant: async () => {},
      walk: async (count) => void walked.push(count),
    },
    { ids: async () => Array.from({ length: tenants }, (_, at) => `t${at}`) },
  )
  const round = {
    signal: new AbortController().signal,
    leased: () => {},
    rest: (untilMs?: number) => void rests.push(untilMs),
  }
  return {
    walked,
    rests,
    sweep: () => sweep?.run(round),
    walk: () => walk?.run(round),
    everyMs: walk?.everyMs,
  }
}

test.each([
  [0, 0],
  [1, 1],
  [720, 1],
  [721, 2],
  [7200, 10],
])(
  'of %i tenants %i are walked to each minute, so that all are within half a day',
  async (tenants, count) => {
    const { walked, walk, everyMs } = roundsOf(tenants, { visited: 0, nextInMs: undefined })
    await walk()
    expect([walked, everyMs]).toEqual([[count], 60_000])
  },
)

test.each([
  [200, true, []],
  [199, false, []],
  [0, false, [5000]],
])('a round that visited %i partitions', async (visited, isMore, rested) => {
  const { sweep, rests } = roundsOf(1, { visited, nextInMs: 5000 })
  expect([await sweep(), rests]).toEqual([isMore, rested])
})
