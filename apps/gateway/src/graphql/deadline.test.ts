import { expect, onTestFinished, test, vi } from 'vitest'
import { inTime, OPERATION_TIMEOUT_MS, TooLate } from './deadline.ts'

test('an operation has 12 s, and leaves no timer behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const late = inTime(new Promise(() => {}), OPERATION_TIMEOUT_MS).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(11_999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(await late).toEqual(new TooLate('no answer within 12000 ms'))

  expect(await inTime(Promise.resolve('done'), OPERATION_TIMEOUT_MS)).toBe('done')
  const fault = new Error('of the work')
  await expect(inTime(Promise.reject(fault), OPERATION_TIMEOUT_MS)).rejects.toBe(fault)
  expect(vi.getTimerCount()).toBe(0)
})
