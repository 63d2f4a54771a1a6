import { expect, test, vi } from 'vitest'
import { createDroppedSignIns } from './dropped-sign-ins.ts'

test('each reason is logged once a minute, with the count since the last line', () => {
  const warn = vi.fn()
  const clock = { ms: 0 }
  const dropped = createDroppedSignIns({ warn }, () => clock.ms)
  const lines = () => warn.mock.calls.map(([{ reason, dropped: count }]) => [reason, count])
  for (let i = 0; i < 100; i++) dropped.count('queue')
  dropped.count('network')
  expect(lines()).toEqual([
    ['queue', 1],
    ['network', 1],
  ])
  clock.ms = 59_999
  dropped.count('queue')
  expect(lines()).toHaveLength(2)
  clock.ms = 60_000
  dropped.count('queue')
  dropped.count('queue')
  dropped.flush()
  expect(lines().slice(2)).toEqual([
    ['queue', 101],
    ['queue', 1],
  ])
})
