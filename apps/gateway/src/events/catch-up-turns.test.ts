import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CATCH_UP_RATE, createCatchUpTurns } from './catch-up-turns.ts'

const nextTurn = () => new Promise(setImmediate)
const { signal } = new AbortController()

test('the readers of a tenant read one page at a time, those of another do not wait for them', async () => {
  const turns = createCatchUpTurns(wait)
  const begun: string[] = []
  const end: (() => void)[] = []
  const read = (name: string, of = signal) =>
    turns(
      name,
      () => {
        begun.push(name)
        return new Promise<void>((resolve) => end.push(resolve))
      },
      of,
    )
  const gone = new AbortController()
  const pages = [read('a'), read('a', gone.signal), read('a'), read('b')]
  await nextTurn()
  expect(begun).toEqual(['a', 'b'])
  gone.abort()
  end[0]?.()
  await expect(pages[1]).rejects.toThrow()
  await nextTurn()
  expect(begun).toEqual(['a', 'b', 'a'])
  for (const one of end) one()
  await Promise.allSettled(pages)
  // A page that fails holds up nobody.
  const failed = turns('a', () => Promise.reject(new Error('gone')), signal)
  const next = turns('a', async () => 'page', signal)
  await expect(failed).rejects.toThrow('gone')
  expect(await next).toBe('page')
})

test('100 pages of a tenant come at once, then 20 in a second', async () => {
  expect(CATCH_UP_RATE).toEqual({ saved: 100, perSecond: 20 })
  let nowMs = 0
  const pausedAt: number[] = []
  let read = 0
  const pause = async (ms = 0) => {
    pausedAt.push(read)
    nowMs += ms
    return undefined as never
  }
  const turns = createCatchUpTurns(pause, () => nowMs)
  for (let page = 0; page < 150; page++) await turns('a', async () => void read++, signal)
  expect(pausedAt).toEqual([100, 120, 140])
  expect(nowMs).toBe(3000)
})
