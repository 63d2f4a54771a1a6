import { once } from 'node:events'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offersOf, takeSocket } from './nodemailer-internals.ts'

let smtp: TestSmtp
beforeAll(async () => {
  smtp = await startSmtp()
})
afterAll(() => smtp?.stop())

async function connected(): Promise<SMTPConnection> {
  const connection = new SMTPConnection({ host: '127.0.0.1', port: smtp.port, ignoreTLS: true })
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
