import { expect, test } from 'vitest'
import { retryAll } from './retry-all.ts'

const retrying = (...answers: (number | undefined)[]) => retryAll(async () => answers.shift())

test('calls follow one another while each tries a thousand', async () => {
  expect(await retrying(1000, 1000, 7, 1000)).toBe(2007)
  expect(await retrying(1000, 0, 5)).toBe(1000)
})

test('a failure ends it', async () => {
  expect(await retrying(1000, undefined, 1000)).toBe(1000)
  expect(await retrying(undefined, 1000)).toBe(0)
})
