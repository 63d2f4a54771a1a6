import { expect, test, vi } from 'vitest'
import { resealHourly } from './reseal-hourly.ts'

test('what an older key has sealed is sealed again at the start and once an hour', async () => {
  const info = vi.fn()
  const counts = [3, 0]
  const task = resealHourly('messages', async () => counts.shift() ?? 0, { info } as never)
  expect(task).toMatchObject({ name: 'reseal-messages', startsAtOnce: true, everyMs: 3_600_000 })
  const round = { signal: new AbortController().signal, leased: () => {}, rest: () => {} }
  await task.run(round)
  await task.run(round)
  expect(info.mock.calls).toEqual([[{ moved: 3 }, 'messages were sealed with the newest key']])
})
