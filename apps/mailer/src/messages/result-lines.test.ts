import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createResultLines } from './result-lines.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const result = { message: { state: 'sent' } } as never

test('results that come within 10 ms are one text', async () => {
  const lines = createResultLines(2)
  const read = lines.read()
  await vi.advanceTimersByTimeAsync(9)
  lines.add(1, result)
  lines.add(0, result)
  expect(await read).toBe('{"index":1,"message":{"state":"sent"}}\n{"index":0,"message":{"state":"sent"}}\n')
})

test('after 10 ms those that are there are sent, and the others as they come', async () => {
  const lines = createResultLines(2)
  lines.add(0, result)
  let texts: string | AsyncIterable<string> | undefined
  void lines.read().then((read) => {
    texts = read
  })
  await vi.advanceTimersByTimeAsync(9)
  expect(texts).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  if (texts === undefined || typeof texts === 'string') return expect.unreachable()
  const each = texts[Symbol.asyncIterator]()
  expect((await each.next()).value).toContain('"index":0')
  const second = each.next()
  lines.add(1, result)
  expect((await second).value).toContain('"index":1')
  expect((await each.next()).done).toBe(true)
})
