import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { serveBatchStream } from './batch-stream.ts'

/** A stream whose client leaves so many bytes of its replies unread. */
function openStream(unreadBytes = 0) {
  const lines = new PassThrough()
  const response = Object.assign(new EventEmitter(), {
    ...{ writableLength: unreadBytes, destroyed: false },
    ...{ write: vi.fn(), end: vi.fn(), destroy: vi.fn(), writeHead: vi.fn(), flushHeaders: vi.fn() },
  })
  const answer = async () => ({ status: 200, headers: {}, body: {} })
  const log = { error: vi.fn(), warn: vi.fn() }
  return { lines, response, stream: serveBatchStream(lines, response as never, { answer, log }) }
}

test('a client that leaves more than 16 MiB of its replies unread is cut off', async () => {
  const isCutOff = async (unreadBytes: number) => {
    const { lines, response } = openStream(unreadBytes)
    lines.write('{"id":1,"headers":{}}\n')
    await expect.poll(() => response.write.mock.calls.length).toBeGreaterThan(0)
    await new Promise(setImmediate)
    return response.destroy.mock.calls.length > 0
  }
  expect(await isCutOff(16 * 1024 * 1024)).toBe(false)
  expect(await isCutOff(16 * 1024 * 1024 + 1)).toBe(true)
})

test('a stream that drains is ended after 9 s, sooner than the shutdown', () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { response, stream } = openStream()
  stream.drain()
  vi.advanceTimersByTime(8999)
  expect(response.destroy).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(response.destroy).toHaveBeenCalledTimes(1)
})
