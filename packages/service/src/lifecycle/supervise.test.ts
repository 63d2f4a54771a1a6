import { expect, test } from 'vitest'
import { killAfterMs } from './supervise.ts'

test('a worker has its whole drain and its whole shutdown before it is killed', () => {
  expect([0, 30].map(killAfterMs)).toEqual([12_000, 42_000])
})
