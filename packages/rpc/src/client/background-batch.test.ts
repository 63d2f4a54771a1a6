import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createBackgroundBatch } from './background-batch.ts'

function collecting(send: (items: readonly number[]) => Promise<unknown> = async () => {}) {
  const calls: (readonly number[])[] = []
  const faults: [unknown, number][] = []
  const collector = createBackgroundBatch<number>({
    most: 3,
    collectMs: 20,
    send: (items) => {
      calls.push(items)
      return send(items)
    },
    onFault: (...fault) => faults.push(fault),
  })
  return { collector, calls, faults }
}

test('items of one moment make one call, and a call is full with the most', async () => {
  const { collector, calls } = collecting()
  for (const item of [1, 2, 3, 4]) collector.add(item)
  expect(calls).toEqual([[1, 2, 3]])
  await expect.poll(() => calls).toEqual([[1, 2, 3], [4]])
})

test('closing sends the rest, and waits for what is under way', async () => {
  let ended = 0
  const { collector, calls } = collecting(async () => {
    await wait(30)
    ended++
  })
  for (const item of [1, 2, 3, 4]) collector.add(item)
  await collector.close()
  expect(calls).toEqual([[1, 2, 3], [4]])
  expect(ended).toBe(2)
})

test('a call that fails is told with its count, and the next one goes on', async () => {
  const error = new Error('gone')
  const { collector, calls, faults } = collecting(async (items) => {
    if (items.includes(1)) throw error
  })
  collector.add(1)
  collector.add(2)
  await expect.poll(() => faults).toEqual([[error, 2]])
  collector.add(3)
  await collector.close()
  expect(calls).toEqual([[1, 2], [3]])
  expect(faults).toHaveLength(1)
})
