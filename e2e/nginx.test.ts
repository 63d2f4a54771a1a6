import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startProxy } from './reliability/proxies.ts'

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
