import { expect, test } from 'vitest'
import { restartDelayMs, WELL_AFTER_MS } from './restart-delay.ts'

test('a process comes back soon, and one that dies again and again does not keep the machine busy', () => {
  const delays = (part: number) => [1, 2, 3, 8, 9, 100].map((deaths) => restartDelayMs(deaths, () => part))
  expect(delays(1)).toEqual([200, 400, 800, 25_600, 30_000, 30_000])
  expect(delays(0)).toEqual([100, 200, 400, 12_800, 15_000, 15_000])
  expect(WELL_AFTER_MS).toBe(60_000)
})
