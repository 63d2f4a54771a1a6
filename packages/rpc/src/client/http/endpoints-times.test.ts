import { expect, onTestFinished, test, vi } from 'vitest'
import { createEndpoints } from './endpoints.ts'
import { ownHeaders } from './own-headers.ts'

const own = ownHeaders('test', 't')

test('a name is looked up every 5 s, and a second after a process behind it failed', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const resolve = vi.fn(async () => [])
  const endpoints = createEndpoints({ urls: ['http://service.test:1'], own, resolve })
  const lookedUpAfter = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    endpoints.next()
    return resolve.mock.calls.length
  }
  expect([await lookedUpAfter(0), await lookedUpAfter(4999), await lookedUpAfter(1)]).toEqual([1, 1, 2])
  endpoints.failed(endpoints.next())
  expect([await lookedUpAfter(999), await lookedUpAfter(1)]).toEqual([2, 3])
})

test('a name that is being looked up is not looked up again', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let answer: (addresses: string[]) => void = () => {}
  const resolve = vi.fn(
    () =>
      new Promise<string[]>((resolved) => {
        answer = resolved
      }),
  )
  const endpoints = createEndpoints({ urls: ['http://service.test:1'], own, resolve })
  for (let look = 0; look < 5; look++) {
    endpoints.next()
    await vi.advanceTimersByTimeAsync(5000)
  }
  expect(resolve).toHaveBeenCalledTimes(1)
  answer([])
  await vi.advanceTimersByTimeAsync(0)
  endpoints.next()
  expect(resolve).toHaveBeenCalledTimes(2)
})
