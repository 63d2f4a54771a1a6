import { expect, test } from 'vitest'
import { createBackgroundBatch } from './background-batch.ts'

function batching(send: (items: readonly number[]) => Promise<unknown> = async () => {}) {
  const calls: (readonly number[])[] = []
  const errors: [unknown, number][] = []
  const batch = createBackgroundBatch<number>({
    max: 3,
    gatherMs: 20,
    send: (items) => {
      calls.push(items)
      return send(items)
    },
    onError: (...error) => errors.push(error),
  })
  return { batch, calls, errors }
}

test('items of one moment make one call, and a call is full with the most', async () => {
  const { batch, calls } = batching()
  for (const item of [1, 2, 3, 4]) batch.add(item)
  expect(calls).toEqual([[1, 2, 3]])
  await expect.poll(() => calls).toEqual([[1, 2, 3], [4]])
})

test('closing sends the rest, and waits for the calls that run', async () => {
  let end = () => {}
  const mayEnd = new Promise<void>((resolve) => {
    end = resolve
  })
  let ended = 0
  const { batch, calls } = batching(async () => {
    await mayEnd
    ended++
  })
  for (const item of [1, 2, 3, 4]) batch.add(item)
  const closed = batch.close()
  await expect.poll(() => calls).toEqual([[1, 2, 3], [4]])
  expect(ended).toBe(0)
  end()
  await closed
  expect(ended).toBe(2)
})

test('a call that fails is reported with its count, and the next one goes on', async () => {
  const error = new Error('gone')
  const { batch, calls, errors } = batching(async (items) => {
    if (items.includes(1)) throw error
  })
  batch.add(1)
  batch.add(2)
  await expect.poll(() => errors).toEqual([[error, 2]])
  batch.add(3)
  await batch.close()
  expect(calls).toEqual([[1, 2], [3]])
  expect(errors).toHaveLength(1)
})
