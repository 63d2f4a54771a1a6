import { expect, onTestFinished, test, vi } from 'vitest'
import { createEndpoints } from './endpoints.ts'

test('a name is looked up every 5 s, and a second after a process behind it failed', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const resolve = vi.fn(async () => [])
  const endpoints = createEndpoints({ urls: ['http://service.test:1'], authorization: 'Bearer t', resolve })
  const lookedUpAfter = (ms: number) => {
    vi.advanceTimersByTime(ms)
    endpoints.next()
    return resolve.mock.calls.length
  }
  expect([0, 4999, 1].map(lookedUpAfter)).toEqual([1, 1, 2])
  endpoints.failed(endpoints.next())
  expect([999, 1].map(lookedUpAfter)).toEqual([2, 3])
})
