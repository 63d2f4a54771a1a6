import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openSession, WITH_OTHERS } from '../../src/smtp/session.ts'
import { RFC_TIMEOUTS } from '../../src/smtp/timeouts.ts'

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

test.each([
  ['lines of one reply', '250-more\r\n'],
  ['empty lines', '\r\n'],
])(
  'a relay that greets and then sends %s without an end is left, and not read any more',
  async (_name, line) => {
    const flood = Buffer.from(line.repeat(2000))
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.write('220 relay ESMTP\r\n')
      socket.once('data', () => {
        const send = () => {
          while (!socket.destroyed && socket.write(flood)) {
            // More than the mailer reads at a time.
          }
        }
        socket.on('drain', send)
        send()
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const arrived = once(server, 'connection') as Promise<[Socket]>
    // It listens by TCP.
    const { port } = server.address() as AddressInfo
    const opened = openSession(
      { host: '127.0.0.1', port, security: 'none' },
      { timeouts: RFC_TIMEOUTS, mayPipeline: () => true, mayChunk: () => true, groupSilenceMs: 1000 },
    )
    await expect(opened).rejects.toMatchObject({ code: 'EPROTOCOL' })
    const [socket] = await arrived
    await eventually(() => expect(socket.destroyed).toBe(true))
  },
)

test('a relay that answers EHLO byte by byte is left', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 relay ESMTP\r\n')
    socket.once('data', () => {
      const timer = setInterval(() => socket.write('2'), 10)
      socket.on('close', () => clearInterval(timer))
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const arrived = once(server, 'connection') as Promise<[Socket]>
  // It listens by TCP.
  const { port } = server.address() as AddressInfo
  const timeouts = { ...RFC_TIMEOUTS, bannerMs: 1000, commandMs: 100 }
  const opened = openSession(
    { host: '127.0.0.1', port, security: 'none' },
    { timeouts, mayPipeline: () => true, mayChunk: () => true, groupSilenceMs: 1000 },
  )
  await expect(opened).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  const [socket] = await arrived
  await eventually(() => expect(socket.destroyed).toBe(true))
})

test.each([
  ['replies', '250 more\r\n'],
  ['empty lines', '\r\n'],
])('a relay that answers QUIT with %s without an end is not read any more', async (_name, line) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 relay ESMTP\r\n')
    socket.on('data', (data) => {
      if (String(data).startsWith('EHLO')) socket.write('250 relay\r\n')
      if (!String(data).startsWith('QUIT')) return
      const flood = Buffer.from(line.repeat(2000))
      socket.on('drain', () => socket.write(flood))
      socket.write(flood)
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const arrived = once(server, 'connection') as Promise<[Socket]>
  // It listens by TCP.
  const { port } = server.address() as AddressInfo
  const session = await openSession(
    { host: '127.0.0.1', port, security: 'none' },
    { timeouts: RFC_TIMEOUTS, mayPipeline: () => true, mayChunk: () => true, groupSilenceMs: 1000 },
  )
  session.quit()
  const [socket] = await arrived
  await eventually(() => expect(socket.destroyed).toBe(true))
})
