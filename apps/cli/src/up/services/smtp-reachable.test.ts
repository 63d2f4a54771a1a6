import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { freePort } from '@emailauth/testing/free-port'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireReachableSmtp } from './smtp-reachable.ts'

let server: Server
let port: number
let closed: number
beforeEach(async () => {
  port = await freePort()
  server = createServer((socket) => socket.resume()).listen(port, '127.0.0.1')
  await once(server, 'listening')
  closed = await freePort()
})
afterEach(() => void server.close())

test('one server that answers is enough; the others are named', async () => {
  expect(await requireReachableSmtp(`smtp://u:p@127.0.0.1:${closed}, smtp://127.0.0.1:${port}`)).toEqual([
    `127.0.0.1:${closed}`,
  ])
  expect(await requireReachableSmtp(`smtp://127.0.0.1:${port}`)).toEqual([])
})

test('an unreachable server is reported without its password', async () => {
  const reach = requireReachableSmtp(`smtp://u:secret@127.0.0.1:${closed}`)
  await expect(reach).rejects.toThrow(`cannot be reached at 127.0.0.1:${closed}.`)
  await expect(reach).rejects.not.toThrow('secret')
})

test.each(['', 'localhost', 'http://h', 'smtp://', 'smtp://h,'])('%j is no SMTP URL', async (urls) => {
  await expect(requireReachableSmtp(urls)).rejects.toThrow('EMAILAUTH_SMTP_URL must read smtp://host:port')
})
