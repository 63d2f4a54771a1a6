import { expect, test } from 'vitest'
import { createGatherBy } from './gather-by.ts'

test('each group has runs of its own, and a full one starts at once', async () => {
  const runs: [string, readonly number[]][] = []
  const add = createGatherBy<number, string>({
    until: 'tick',
    max: 2,
    async run(group, items) {
      runs.push([group, items])
      return items.map((item) => `${group}${item}`)
    },
  })
  const results = [add('a', 1), add('b', 1), add('a', 2), add('a', 3)]
  expect(runs).toEqual([['a', [1, 2]]])
  expect(await Promise.all(results)).toEqual(['a1', 'b1', 'a2', 'a3'])
  expect(runs).toEqual([
    ['a', [1, 2]],
    ['b', [1]],
    ['a', [3]],
  ])
  expect(await add('a', 4)).toBe('a4')
})

test('a run that fails leaves the other groups alone', async () => {
  const add = createGatherBy<number, number>({
    until: 'tick',
    max: 10,
    async run(group, items) {
      if (group === 'bad') throw new Error('down')
      return items
    },
  })
  const [bad, good] = await Promise.allSettled([add('bad', 1), add('good', 2)])
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'down' } })
  expect(good).toEqual({ status: 'fulfilled', value: 2 })
})
