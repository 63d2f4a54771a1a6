import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRpcClient } from '@emailauth/rpc/client/client'
import { createHttpTransport } from '@emailauth/rpc/client/http/transport'
import { openTls } from '@emailauth/service/network/tls'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

const script = fileURLToPath(new URL('../../../../scripts/dev-ca.mjs', import.meta.url))
let folder: string
const stops: (() => unknown)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-tls-'))
  for (const name of ['ours', 'strangers']) {
    await promisify(execFile)(process.execPath, [script, join(folder, name)])
  }
  await mkdir(join(folder, 'live'))
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await rm(folder, { recursive: true })
})

const at = (name: string, file: string) => join(folder, name, file)
const put = async (from: string, ca: string) => {
  await copyFile(at(from, 'client.key'), at('live', 'client.key'))
  await copyFile(at(from, 'client.crt'), at('live', 'client.crt'))
  await copyFile(at(ca, 'ca.crt'), at('live', 'ca.crt'))
}

test('the gateway shows its certificate, believes its authority alone, and takes up new ones while it runs', async () => {
  const read = (file: string) => readFile(at('ours', file), 'utf8')
  const server = createServer(
    {
      cert: await read('service.crt'),
      key: await read('service.key'),
      ca: await read('ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (_request, response) => response.end('{"ok":true}'),
  ).listen(0, '127.0.0.1')
  stops.push(() => new Promise((closed) => server.close(closed)))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  await put('strangers', 'ours')
  const files = { cert: at('live', 'client.crt'), key: at('live', 'client.key'), ca: at('live', 'ca.crt') }
  const tls = await openTls(files, { logger: undefined, pollMs: 20 })
  stops.push(tls.close)
  const rest = createRpcClient({
    name: 'persistence',
    transport: createHttpTransport({
      name: 'persistence',
      url: `https://127.0.0.1:${port}`,
      serviceToken: 't'.repeat(32),
      tls,
    }),
    timeoutMs: 2000,
  })
  stops.push(rest.close)
  const call = () => rest.call({ method: 'GET', path: '/v1/tenants', reply: z.unknown() })
  const unavailable = { problem: { code: 'unavailable' } }

  await expect(call()).rejects.toMatchObject(unavailable)
  await put('ours', 'ours')
  await eventually(async () => expect(await call()).toEqual({ body: { ok: true } }))
  // A server that cannot prove to be ours is not spoken to.
  await put('ours', 'strangers')
  await eventually(() => expect(call()).rejects.toMatchObject(unavailable))
  // While the authority is replaced, the file has the old one and the new one.
  await appendFile(at('live', 'ca.crt'), await read('ca.crt'))
  await eventually(async () => expect(await call()).toEqual({ body: { ok: true } }))
})
