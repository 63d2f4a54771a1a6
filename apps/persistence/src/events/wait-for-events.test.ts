import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitForEvents } from './wait-for-events.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** How many ms a wait lasts that nothing is notified in, and whether it is worth to look then. */
async function waited(isLive: boolean, isSoon = false) {
  const wait = waitForEvents(
    { notify() {}, subscribe: () => () => {}, isLive: () => isLive },
    { audit: false },
  )
  let isWorthALook: boolean | undefined
  void wait.next(isSoon, new AbortController().signal).then((answer) => {
    isWorthALook = answer
  })
  let ms = 0
  for (; isWorthALook === undefined && ms < 100_000; ms += 10) await vi.advanceTimersByTimeAsync(10)
  return { ms, isWorthALook }
}

test('without notifications events are looked for every 150 ms, and those that are there as soon', async () => {
  expect(await waited(false)).toEqual({ ms: 150, isWorthALook: true })
  expect(await waited(true, true)).toEqual({ ms: 150, isWorthALook: true })
})

test('with notifications a reader hears after 4.5 s that nothing is new', async () => {
  expect(await waited(true)).toEqual({ ms: 4500, isWorthALook: false })
})
