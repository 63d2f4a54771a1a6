import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openSession, WITH_OTHERS } from './session.ts'
import { RFC_TIMEOUTS } from './timeouts.ts'

test('an address that does not greet is left for the next one after 15 s', async () => {
  const relay = await startSmtp()
  onTestFinished(() => relay.stop())
  const silent = createServer((socket) => socket.on('error', () => {})).listen(relay.port, '127.0.0.2')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')

  // Time passes by the clock of the test. Sockets are real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const arrived = once(silent, 'connection') as Promise<[Socket]>
  let isOpen = false
  const opened = openSession(
    { host: 'relay.example', port: relay.port, security: 'none' },
    {
      timeouts: RFC_TIMEOUTS,
      mayPipeline: () => true,
      mayChunk: () => true,
      groupSilenceMs: 1000,
      resolve: async () => ['127.0.0.2', '127.0.0.1'],
    },
  ).finally(() => {
    isOpen = true
  })
  const [left] = await arrived
  left.resume()
  while (vi.getTimerCount() === 0) await nextTurn()
  // The greeting is waited for from one of the next turns on.
  for (let turn = 0; turn < 20; turn++) await nextTurn()
  vi.advanceTimersByTime(14_900)
  for (let turn = 0; turn < 20; turn++) await nextTurn()
  expect(left.readableEnded).toBe(false)
  vi.advanceTimersByTime(200)
  await eventually(() => expect(left.readableEnded).toBe(true), 5000)
  // The next address greets after a moment, by the same clock.
  while (!isOpen) {
    await nextTurn()
    vi.advanceTimersByTime(1)
  }
  const session = await opened
  expect(session.open).toBe(true)
  session.quit()
})

test('a connection to one of several addresses is waited for 3 s', () => {
  expect(WITH_OTHERS).toEqual({ connectMs: 3000, bannerMs: 15_000 })
})

test('a dead address is not tried first again', async () => {
  const relay = await startSmtp()
  onTestFinished(() => relay.stop())
  let tries = 0
  const dead = createServer((socket) => {
    tries += 1
    socket.destroy()
  }).listen(relay.port, '127.0.0.2')
  onTestFinished(() => void dead.close())
  await once(dead, 'listening')
  const server = { host: 'relay.example', port: relay.port, security: 'none' } as const
  for (let session = 0; session < 3; session++) {
    const opened = await openSession(server, {
      timeouts: RFC_TIMEOUTS,
      mayPipeline: () => true,
      mayChunk: () => true,
      groupSilenceMs: 1000,
      resolve: async () => ['127.0.0.2', '127.0.0.1'],
    })
    opened.quit()
  }
  expect(tries).toBe(1)
})
