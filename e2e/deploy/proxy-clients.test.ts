import { spawnSync } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test } from 'vitest'
import { type ProxyProgram, startProxy } from '../reliability/proxies.ts'

/** Believes a header about who the client is, and lets one client have one request at a time. */
const EDITS: Readonly<Record<ProxyProgram, (config: string) => string>> = {
  nginx: (config) =>
    config
      .replace('limit_conn clients 500;', 'limit_conn clients 1;')
      .replace('server {', 'server {\nset_real_ip_from 127.0.0.1;\nreal_ip_header X-Client;'),
  haproxy: (config) =>
    config
      .replace('sc0_conn_cur gt 500', 'sc0_conn_cur gt 1')
      .replace(
        'stick-table',
        'http-request set-src hdr(x-client) if { hdr(x-client) -m found }\n  stick-table',
      ),
}
const isInstalled = (program: ProxyProgram) => spawnSync(program, ['-v'], { stdio: 'ignore' }).status === 0

for (const program of ['nginx', 'haproxy'] as const)
  test.runIf(isInstalled(program))(
    `${program} counts a client by its IPv4 address or its IPv6 /64, in any form`,
    async () => {
      const held: ServerResponse[] = []
      // Stands in for a gateway that takes long.
      const server = createServer((request, response) => {
        if (request.url === '/hold') held.push(response)
        else response.end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => {
        server.close()
        server.closeAllConnections()
      })
      const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const proxy = await startProxy(program, [target, target], EDITS[program])
      onTestFinished(() => proxy.stop())
      const ask = (client: string, path = '/') =>
        fetch(`${proxy.url}${path}`, { headers: { 'x-client': client } })

      /** A proxy may count a request for a moment longer than its client waits. */
      async function isRefused(client: string) {
        for (let tries = 0; tries < 20; tries += 1) {
          const reply = await ask(client)
          await reply.text()
          if (reply.status !== 429) return false
        }
        return true
      }
      async function hold(client: string) {
        while (true) {
          const reply = ask(client, '/hold')
          await Promise.race([reply, eventually(() => expect(held).toHaveLength(1))])
          if (held.length === 1) return { reply }
          expect((await reply).status).toBe(429)
        }
      }

      /** Which of these may ask nothing while this one waits for a reply. */
      async function countedWith(client: string, others: readonly string[]) {
        const waiting = await hold(client)
        const refused: string[] = []
        for (const other of others) if (await isRefused(other)) refused.push(other)
        held.pop()?.end()
        await (await waiting.reply).text()
        return refused
      }
      // With bytes that are line ends, and zeros.
      const same = ['2001:db8:a0a:a0d::1', '2001:db8:a0a:a0d:a0a:a0a:a0a:a0a', '2001:0DB8:0a0a:0a0d:ffff::']
      const strangers = ['2001:db8:a0a:a0e::1', '2001:db8::1', '::1', '10.0.0.1']
      expect(await countedWith('2001:db8:a0a:a0d:0:0:0:a', [...same, ...strangers])).toEqual(same)
      expect(await countedWith('192.0.2.1', ['192.0.2.1', '192.0.2.2', '::ffff:192.0.2.2'])).toEqual([
        '192.0.2.1',
      ])
      const mapped = ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:192.0.2.3']
      expect(await countedWith('::ffff:192.0.2.1', mapped)).toEqual(mapped.slice(0, 2))
    },
  )
