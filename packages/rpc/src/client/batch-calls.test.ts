import { expect, test } from 'vitest'
import { batchCalls } from './batch-calls.ts'

test('calls of one turn travel together, each gets its own result, and no more than the most', async () => {
  const hops: number[][] = []
  const call = batchCalls<number, string>(async (numbers) => {
    hops.push([...numbers])
    return numbers.map(String)
  }, 3)
  const results = await Promise.all([1, 2, 3, 4, 2].map(call))
  expect(results).toEqual(['1', '2', '3', '4', '2'])
  expect(hops).toEqual([
    [1, 2, 3],
    [4, 2],
  ])
  await call(9)
  expect(hops.at(-1)).toEqual([9])
})

test('a hop that fails fails all its calls, and the next one is not concerned', async () => {
  let fails = true
  const call = batchCalls<number, number>(async (numbers) => {
    if (fails) throw new Error('down')
    return numbers
  }, 10)
  const both = await Promise.allSettled([call(1), call(2)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  expect(await call(3)).toBe(3)
})

test('a full hop leaves within the turn that fills it; what is left goes after it', async () => {
  const hops: number[][] = []
  const call = batchCalls<number, number>(async (numbers) => {
    hops.push([...numbers])
    return numbers
  }, 2)
  const calls = [1, 2, 3].map(call)
  expect(hops).toEqual([[1, 2]])
  expect(await Promise.all(calls)).toEqual([1, 2, 3])
  expect(hops).toEqual([[1, 2], [3]])
})

test('a hop with a result too few fails', async () => {
  const call = batchCalls<number, number>(async (numbers) => numbers.slice(1), 10)
  const both = await Promise.allSettled([call(1), call(2)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
