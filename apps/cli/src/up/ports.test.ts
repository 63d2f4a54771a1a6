import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { freePort } from '@emailauth/testing/free-port'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requireFreePorts } from './ports.ts'

let server: Server
let port: number
beforeEach(async () => {
  port = await freePort()
  server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => void server.close())

const needed = () => ({ port, variable: 'EMAILAUTH_GATEWAY_PORT', host: '127.0.0.1', of: 'gateway' })

test('a taken port is reported with the variable that changes it', async () => {
  await expect(requireFreePorts([needed()])).rejects.toThrow(
    `Port ${port} for the gateway is taken by another program: end that one, or choose a port with EMAILAUTH_GATEWAY_PORT.`,
  )
})

test('all taken ports are reported at once', async () => {
  const all = [needed(), { ...needed(), variable: 'EMAILAUTH_MAILER_PORT', of: 'mailer' }]
  await expect(requireFreePorts(all)).rejects.toThrow(
    /^Port \d+ for the gateway .+ EMAILAUTH_GATEWAY_PORT\.\nPort \d+ for the mailer .+ EMAILAUTH_MAILER_PORT\.$/,
  )
})

test('free ports stay free', async () => {
  server.close()
  await once(server, 'close')
  await requireFreePorts([needed()])
  await requireFreePorts([needed()])
})

test('with a timeout a program that is just ending is waited for', async () => {
  const waiting = requireFreePorts([needed()], { afterCrash: true })
  server.close()
  await waiting
})

test('an address of another machine is reported unchanged', async () => {
  await expect(requireFreePorts([{ ...needed(), host: '192.0.2.1' }])).rejects.toThrow(
    `The gateway cannot listen on 192.0.2.1:${port} (EADDRNOTAVAIL).`,
  )
})
