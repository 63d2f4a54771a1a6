import { expect, test } from 'vitest'
import { inSlices } from './in-slices.ts'

test('so many items of a turn, and none is lost or out of its order', async () => {
  const ofTurns: number[] = []
  let inThisTurn = 0
  const count = (item: number) => {
    if (inThisTurn++ === 0) {
      setImmediate(() => {
        ofTurns.push(inThisTurn)
        inThisTurn = 0
      })
    }
    return item * 2
  }
  const items = Array.from({ length: 60 }, (_, n) => n)
  expect(await inSlices(items, 25, count)).toEqual(items.map((item) => item * 2))
  await new Promise(setImmediate)
  expect(ofTurns).toEqual([25, 25, 10])
  expect(await inSlices([], 25, count)).toEqual([])
})

test('what fails fails the whole, and no further slice is begun', async () => {
  const begun: number[] = []
  const work = (item: number) => {
    begun.push(item)
    return item === 1 ? Promise.reject(new Error('planted')) : item
  }
  await expect(inSlices([0, 1, 2, 3], 2, work)).rejects.toThrow('planted')
  expect(begun).toEqual([0, 1])
})
