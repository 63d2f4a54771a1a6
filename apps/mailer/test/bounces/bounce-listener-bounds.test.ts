import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test, vi } from 'vitest'
import {
  CONNECTION_TIMES,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_OF_ONE,
  MAX_RECIPIENTS,
  REPORT_RATE,
  startBounceListener,
} from '../../src/bounces/bounce-listener.ts'
import { DSN_MAX_BYTES } from '../../src/bounces/parse-report.ts'
import { aMessage } from '../running-mailer.ts'
import { type BounceWorld, bounceAddress, bounceWorldForTests, repliesTo, reportOf } from './bounce-world.ts'

let world: BounceWorld
bounceWorldForTests((started) => {
  world = started
})

test('mail for anybody else is refused with 550', async () => {
  for (const to of ['ada@sender.example', 'ada@example.com', 'bounces+news@sender.example'])
    await expect(world.deliver([to], reportOf('gone@example.com'))).rejects.toMatchObject({
      responseCode: 550,
    })
})

test('bounds: size, recipients, connections', async () => {
  const tooLarge = `Subject: x\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(2 * DSN_MAX_BYTES, 'x\r\n')
  await expect(world.deliver([bounceAddress], tooLarge)).rejects.toMatchObject({ responseCode: 552 })
  const many = [...'abcdefghijk'].map((one) => `bounces+${one.repeat(52)}@sender.example`)
  expect(MAX_RECIPIENTS).toBe(10)
  expect(
    await repliesTo(
      many.map((to) => `RCPT TO:<${to}>`),
      world.port,
    ),
  ).toMatch(/^452 /m)
  expect(DSN_MAX_BYTES).toBe(256 * 1024)

  expect([MAX_CONNECTIONS, MAX_CONNECTIONS_OF_ONE]).toEqual([50, 25])
  const hold = async (localAddress: string) => {
    const host = '127.0.0.1'
    const sockets = Array.from({ length: 25 }, () => connect({ port: world.port, host, localAddress }))
    const greetings = sockets.map((socket) => once(socket, 'data').then(String))
    for (const greeting of await Promise.all(greetings)) expect(greeting).toMatch(/^220 /)
    return sockets
  }
  const refused = () =>
    expect(world.deliver([bounceAddress], reportOf('x@example.com'))).rejects.toMatchObject({
      responseCode: 421,
    })
  // One client cannot hold all of them.
  const mine = await hold('127.0.0.1')
  await refused()
  const theirs = await hold('127.0.0.2')
  for (const socket of mine.slice(0, 5)) socket.destroy()
  await eventually(() => world.deliver([bounceAddress], reportOf('x@example.com')), 20_000)
  const more: Socket[] = []
  await eventually(async () => {
    const socket = connect({ port: world.port, host: '127.0.0.1', localAddress: '127.0.0.3' })
    more.push(socket)
    await once(socket, 'data')
    await refused()
  })
  for (const socket of [...mine, ...theirs, ...more]) socket.destroy()
  await eventually(() => world.deliver([bounceAddress], reportOf('x@example.com')), 20_000)
})

test('a report of nearly 256 KiB is taken; one that is larger is not, also where its size was not announced', async () => {
  const request = aMessage({ email: 'gone@example.com' })
  await world.mailer.send(request)
  const returnPath = world.smtp.mails[0]?.from ?? ''
  const padded = (bytes: number) => {
    const raw = reportOf('gone@example.com')
    return `X-Padding: 1\r\n${raw}${'x'
      .repeat(76)
      .concat('\r\n')
      .repeat(Math.floor((bytes - raw.length - 20) / 78))}`
  }
  await expect(
    repliesTo([`RCPT TO:<${returnPath}>`, 'DATA', padded(DSN_MAX_BYTES + 8192), '.'], world.port),
  ).resolves.toMatch(/^552 /m)
  expect(await world.stateOf(request.identityId)).toMatchObject({ state: 'sent' })
  await world.deliver([returnPath], padded(DSN_MAX_BYTES - 1024))
  expect(await world.stateOf(request.identityId)).toMatchObject({ state: 'bounced' })
})

test('a connection that is silent is closed, and so is one that goes on for ever', async () => {
  expect(CONNECTION_TIMES).toEqual({ idleMs: 60_000, sessionMs: 600_000 })
  const listen = (times: { idleMs: number; sessionMs: number }) =>
    startBounceListener({
      endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
      bounceAddress,
      takeReport: async () => 'none',
      times,
      now: Date.now,
    })
  const impatient = await listen({ idleMs: 200, sessionMs: 600_000 })
  const silent = connect(impatient.port, '127.0.0.1')
  let said = ''
  silent.on('data', (chunk) => {
    said += chunk.toString()
  })
  await new Promise((closed) => silent.once('close', closed))
  expect(said).toMatch(/^220 [^\n]*\n(?:421 [^\n]*\n)?$/)
  await impatient.close()

  const short = await listen({ idleMs: 60_000, sessionMs: 500 })
  const busy = connect(short.port, '127.0.0.1').on('error', () => {})
  const talking = setInterval(() => busy.writable && busy.write('NOOP\r\n'), 20)
  await new Promise((closed) => busy.once('close', closed))
  clearInterval(talking)
  await short.close()
})

test('beyond its share of reports in a minute a client is asked to come again', async () => {
  expect(REPORT_RATE).toEqual({ most: 600, windowMs: 60_000 })
  let nowMs = 1_000_000
  const listener = await startBounceListener({
    endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
    bounceAddress,
    takeReport: async () => 'none',
    now: () => nowMs,
  })
  const transactions = Array.from({ length: 600 }, () => ['RSET', 'MAIL FROM:<>']).flat()
  const replies = await repliesTo(transactions, listener.port)
  expect(replies.match(/^250 /gm)?.length).toBeGreaterThanOrEqual(1200)
  expect(replies.match(/^450 4\.7\.1 /gm)).toHaveLength(1)
  nowMs += 60_000
  expect(await repliesTo([], listener.port)).not.toMatch(/^450 /m)
  await listener.close()
})

test('on closing a connection may go on for 2 s', async () => {
  const listener = await startBounceListener({
    endpoint: { protocol: 'smtp', host: '127.0.0.1', port: 0 },
    bounceAddress,
    takeReport: async () => 'none',
    now: Date.now,
  })
  const open = connect(listener.port, '127.0.0.1').on('error', () => {})
  await once(open, 'data')
  const timer = vi.spyOn(globalThis, 'setTimeout')
  const closed = listener.close()
  expect(timer.mock.calls).toEqual([[expect.any(Function), 2000]])
  timer.mock.calls[0]?.[0]()
  await closed
})
