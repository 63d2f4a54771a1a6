import { expect, test } from 'vitest'
import { createRemoteClock } from './remote-clock.ts'

function bound() {
  const here = { ms: 1000 }
  return { here, ...createRemoteClock(() => here.ms) }
}

test('a reading counts from when it arrived, and the one that was fastest holds', () => {
  const { here, learn, now } = bound()
  expect(now()).toBeUndefined()
  learn(500_000)
  here.ms += 100
  expect(now()).toBe(500_100)
  // The sample arrived after 40 ms, so its bound is lower than the known one.
  learn(500_060)
  expect(now()).toBe(500_100)
  // Faster than the first.
  learn(500_130)
  expect(now()).toBe(500_130)
})

test('drift: after ten seconds whatever comes next holds, after a minute nothing is known', () => {
  const { here, learn, now } = bound()
  learn(500_000)
  here.ms += 10_001
  learn(510_000)
  expect(now()).toBe(510_000)
  here.ms += 60_000
  expect(now()).toBe(570_000)
  here.ms += 1
  expect(now()).toBeUndefined()
})

test('a clock that was set back is believed as soon as it is seen for certain', () => {
  const { here, learn, now } = bound()
  learn(500_000)
  here.ms += 1000
  learn(500_990, 1990)
  expect(now(), 'it may have been read up to 10 ms ago').toBe(501_000)
  learn(500_900, 1995)
  expect(now()).toBe(500_900)
})

test('what is forgotten is not known', () => {
  const { learn, now, forget } = bound()
  learn(500_000)
  forget()
  expect(now()).toBeUndefined()
})
