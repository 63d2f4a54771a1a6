import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { boundReplies, offersOf, takeSocket } from '../../src/smtp/nodemailer-internals.ts'

let smtp: TestSmtp
beforeAll(async () => {
  smtp = await startSmtp()
})
afterAll(() => smtp?.stop())

async function connected(port = smtp.port, change = (_: SMTPConnection) => {}): Promise<SMTPConnection> {
  const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true })
  change(connection)
  await new Promise<void>((opened, failed) => {
    connection.once('error', failed)
    connection.connect((error) => (error === undefined ? opened() : failed(error)))
  })
  return connection
}

test('after connecting the last response is the reply to EHLO', async () => {
  const connection = await connected()
  expect(offersOf(connection)).toMatch(/^250[ -]/)
  expect(offersOf(connection)).toMatch(/PIPELINING/)
  connection.close()
})

test('the socket is ours: its data reach us alone, and nodemailer still closes it', async () => {
  const connection = await connected()
  const before = offersOf(connection)
  const socket = takeSocket(connection)
  if (socket === undefined) throw new Error('There is no socket.')
  expect(socket.listenerCount('data')).toBe(0)
  socket.write('NOOP\r\n')
  const [reply] = await once(socket, 'data')
  expect(String(reply)).toMatch(/^250 /)
  expect(offersOf(connection)).toBe(before)
  const closed = once(socket, 'close')
  connection.close()
  await closed
  expect(takeSocket(connection)).toBeUndefined()
})

/** The port of a relay that has said so many bytes when it has answered EHLO. */
async function talkative(bytes: number): Promise<number> {
  const [greeting, offers] = ['220 relay\r\n', '250 relay\r\n']
  const before = `220-${'x'.repeat(bytes - greeting.length - offers.length - '220-\r\n'.length)}\r\n`
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(offers))
    socket.write(before + greeting)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('a relay may say 16 KiB before the first mail', async () => {
  const bound = (connection: SMTPConnection) =>
    boundReplies(connection, { bannerMs: 30_000, commandMs: 30_000 })
  const connection = await connected(await talkative(16_384), bound)
  expect(offersOf(connection)).toBe('250 relay')
  connection.close()
  await expect(connected(await talkative(16_385), bound)).rejects.toMatchObject({ code: 'EPROTOCOL' })
})
