import { expect, test } from 'vitest'
import {
  createReadLane,
  LONGEST_PAUSE_MS,
  MAX_READ_WAIT_MS,
  MAX_WAITING_READS,
  PAUSES,
  YIELD_MS,
} from './read-lane.ts'

const settled = () => new Promise(setImmediate)
const TOO_MANY = { problem: { code: 'unavailable', retryAfterSeconds: 1 } }

/** A lane with a clock that the test controls. */
function laneWithClock(maxWaiting?: number) {
  let ms = 0
  const timers: { at: number; then: () => void }[] = []
  const lane = createReadLane({
    maxWaiting,
    now: () => ms,
    after: (delay, then) => timers.push({ at: ms + delay, then }),
  })
  const pass = async (by: number) => {
    const end = ms + by
    for (;;) {
      const [due] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (due === undefined) break
      timers.splice(timers.indexOf(due), 1)
      ms = Math.max(ms, due.at)
      due.then()
      await settled()
    }
    ms = end
    await settled()
  }
  /** Runs a read of this length, and records its start. */
  const begun: number[] = []
  const read = (tookMs: number) =>
    lane.run(() => {
      begun.push(ms)
      return new Promise<void>((then) => timers.push({ at: ms + tookMs, then }))
    })
  return { lane, pass, read, begun }
}

test('the bounds, so that a change of one is seen', () => {
  expect({ MAX_WAITING_READS, MAX_READ_WAIT_MS, YIELD_MS, PAUSES, LONGEST_PAUSE_MS }).toEqual({
    MAX_WAITING_READS: 200,
    MAX_READ_WAIT_MS: 4000,
    YIELD_MS: 1000,
    PAUSES: { alone: 1, yielding: 9 },
    LONGEST_PAUSE_MS: 1000,
  })
})

test('one read at a time, in their order, half of the time while nobody else asks', async () => {
  const { read, pass, begun } = laneWithClock()
  const all = [read(10), read(10), read(10)]
  await pass(100)
  await Promise.all(all)
  expect(begun).toEqual([0, 20, 40])
})

test('while calls that come first are made reads get a tenth of the time, and half of it again a second later', async () => {
  const { lane, read, pass, begun } = laneWithClock()
  const register = lane.first((number: number) => number + 1)
  expect(register(1)).toBe(2)
  const all = [read(10), read(10), read(10), read(10)]
  await pass(990)
  expect(begun).toEqual([0, 100, 200, 300])
  await Promise.all(all)
  await pass(1000)
  const later = [read(10), read(10)]
  await pass(100)
  await Promise.all(later)
  expect(begun.slice(4)).toEqual([1990, 2010])
})

test('a long read is followed by a pause of a second at most', async () => {
  const { lane, read, pass, begun } = laneWithClock()
  const all = [read(500), read(1)]
  await pass(499)
  lane.first(() => {})()
  await pass(3000)
  await Promise.all(all)
  expect(begun).toEqual([0, 1500])
})

test('so many wait, and one more is refused', async () => {
  const { read, pass } = laneWithClock(2)
  const all = [read(10), read(10), read(10)]
  await expect(read(10)).rejects.toMatchObject(TOO_MANY)
  await pass(100)
  await Promise.all(all)
})

test('a read whose caller has given up is not begun, and makes room at once', async () => {
  const { read, pass, begun } = laneWithClock()
  const long = read(3500)
  const late = [read(10), read(10)]
  const refused = Promise.all(late.map((one) => expect(one).rejects.toMatchObject(TOO_MANY)))
  await pass(4600)
  await Promise.all([long, refused])
  expect(begun).toEqual([0])
  const fresh = read(10)
  await pass(10)
  await fresh
  expect(begun).toEqual([0, 4600])
})

test('a read that fails makes room', async () => {
  const lane = createReadLane()
  await expect(lane.run(() => Promise.reject(new Error('planted')))).rejects.toThrow('planted')
  expect(await lane.run(async () => 'next')).toBe('next')
})
