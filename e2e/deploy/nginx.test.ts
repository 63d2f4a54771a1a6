import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../reliability/proxies.ts'

/** Of the connections of one client, as in deploy/proxies/nginx.conf. */
const SHARE = 500

const nginx = spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0

test.runIf(nginx)(
  `behind nginx the gateway sees the host with its port, and large bodies only of hooks${nginx ? '' : ' (not here)'}`,
  async () => {
    // Stands in for a gateway, and says what nginx has passed on.
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.end(request.headers.host))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const proxy = await startProxy('nginx', [target, target])
    onTestFinished(() => proxy.stop())
    const post = async (path: string, bytes: number) => {
      const reply = await fetch(`${proxy.url}${path}`, { method: 'POST', body: 'x'.repeat(bytes) })
      return [reply.status, reply.ok ? await reply.text() : '']
    }
    // The dashboard and the hosted page work only where this is the host of the browser's Origin.
    const { host } = new URL(proxy.url)
    expect(await post('/graphql', 64 * 1024)).toEqual([200, host])
    expect(await post('/graphql', 64 * 1024 + 1)).toEqual([413, ''])
    expect(await post('/hooks/mail/ses', 1024 * 1024)).toEqual([200, host])
    expect(await post('/hooks/mail/ses', 1024 * 1024 + 1)).toEqual([413, ''])
  },
)

test.runIf(nginx)(
  `behind nginx one client holds no more than its share of connections${nginx ? '' : ' (not here)'}`,
  async () => {
    let held = 0
    // Stands in for a gateway that takes long.
    const server = createServer((request, response) => {
      if (request.url === '/hold') held += 1
      else response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
    })
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const proxy = await startProxy('nginx', [target, target])
    onTestFinished(() => proxy.stop())
    const { hostname, port } = new URL(proxy.url)
    const sockets = Array.from({ length: SHARE }, () =>
      connect(Number(port), hostname)
        .on('error', () => {})
        .on('connect', function (this: Socket) {
          this.write('GET /hold HTTP/1.1\r\nHost: x\r\n\r\n')
        }),
    )
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
    await eventually(() => expect(held).toBe(SHARE), 60_000)
    expect((await fetch(proxy.url)).status).toBe(429)
    sockets[0]?.destroy()
    await eventually(async () => expect((await fetch(proxy.url)).status).toBe(200), 60_000)
  },
)
