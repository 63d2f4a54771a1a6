import { expect, test, vi } from 'vitest'
import { createGather, type GatherUntil } from './gather.ts'

function gathering(until: GatherUntil, max = 3) {
  const runs: (readonly number[])[] = []
  const gather = createGather<number, string>({
    until,
    max,
    async run(items) {
      runs.push(items)
      return items.map(String)
    },
  })
  return { ...gather, runs }
}

test.each<GatherUntil>(['tick', 'turn', 'two-turns', { ms: 5 }])(
  'until %s: items that come together are one run, and each gets its own result',
  async (until) => {
    const { add, runs } = gathering(until)
    expect(await Promise.all([1, 2, 2].map(add))).toEqual(['1', '2', '2'])
    expect(runs).toEqual([[1, 2, 2]])
  },
)

test('a full run starts at once; the rest follows', async () => {
  const { add, runs } = gathering('turn', 2)
  const results = [1, 2, 3].map(add)
  expect(runs).toEqual([[1, 2]])
  expect(await Promise.all(results)).toEqual(['1', '2', '3'])
  expect(runs).toEqual([[1, 2], [3]])
})

test('how long items are waited for', async () => {
  const order: string[] = []
  for (const until of ['two-turns', 'turn', 'tick'] as const) {
    void gathering(until)
      .add(1)
      .then(() => order.push(until))
  }
  const turns = new Promise<void>((over) => setImmediate(() => setImmediate(() => setImmediate(over))))
  await turns
  await expect.poll(() => order).toEqual(['tick', 'turn', 'two-turns'])
})

test('flush starts what is gathered, and harms nothing when there is nothing', async () => {
  const { add, flush, runs } = gathering({ ms: 600_000 })
  flush()
  const result = add(1)
  flush()
  flush()
  expect(runs).toEqual([[1]])
  expect(await result).toBe('1')
})

test('a run that starts before its time leaves no timer', async () => {
  // A time of its own: what other files left may use timers too.
  const ms = 61_234
  const set = vi.spyOn(globalThis, 'setTimeout')
  const clear = vi.spyOn(globalThis, 'clearTimeout')
  const { add, flush } = gathering({ ms })
  const result = add(1)
  flush()
  await result
  const timer = set.mock.results[set.mock.calls.findIndex(([, after]) => after === ms)]?.value
  expect(timer).toBeDefined()
  expect(clear.mock.calls).toContainEqual([timer])
})

test('a run that fails rejects its items, an error among the results only its own', async () => {
  let fails = true
  const gather = createGather<number, number>({
    until: 'tick',
    max: 10,
    async run(items) {
      if (fails) throw new Error('down')
      return items.map((item) => (item === 1 ? new Error('one') : item))
    },
  })
  const both = await Promise.allSettled([gather.add(1), gather.add(2)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  const [first, second] = await Promise.allSettled([gather.add(1), gather.add(2)])
  expect(first).toMatchObject({ status: 'rejected', reason: { message: 'one' } })
  expect(second).toEqual({ status: 'fulfilled', value: 2 })
})

test('a run with a result too few rejects all its items', async () => {
  const gather = createGather<number, number>({
    until: 'tick',
    max: 10,
    run: async (items) => items.slice(1),
  })
  const both = await Promise.allSettled([gather.add(1), gather.add(2)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
