import { expect, test } from 'vitest'
import { reconnectDelay } from './connect.ts'

test.each([
  [1, 25, 50],
  [2, 50, 100],
  [20, 500, 1000],
  [1000, 500, 1000],
])(
  'after attempt %i the next one comes in %i to %i ms, at no two connections after the same time',
  (attempt, least, most) => {
    const delays = Array.from({ length: 200 }, () => reconnectDelay(attempt))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(least)
    expect(Math.max(...delays)).toBeLessThanOrEqual(most)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan((most - least) / 2)
  },
)
