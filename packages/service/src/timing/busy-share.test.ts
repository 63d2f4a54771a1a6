import { afterEach, expect, test, vi } from 'vitest'
import { measureBusyShare } from './busy-share.ts'

afterEach(() => void vi.useRealTimers())

test('it is measured while a test has a clock of its own too', () => {
  const busyShare = measureBusyShare()
  vi.useFakeTimers({ toFake: ['performance'] })
  const share = busyShare()
  expect(share).toBeGreaterThanOrEqual(0)
  expect(share).toBeLessThanOrEqual(1)
})
