import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeCredentials } from '../../connection/credentials.ts'
import { provideCredentials } from './provide-credentials.ts'

const apiKey = {
  id: '0'.repeat(12),
  scope: 'tenant',
  tenantId: 'demo',
  name: 'cli',
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  createdBy: null,
}

let folder: string
let server: Server
let url: string
let made: { scope: string }[]
/** The keys that the gateway knows, and their scopes. */
let known: Record<string, string>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-keys-'))
  made = []
  known = {}
  // Gateway and persistence in one, as far as keys go.
  server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (request.url === '/graphql') {
      const scope = known[bearer]
      const fault = { errors: [{ message: 'm', extensions: { code: 'UNAUTHENTICATED' } }] }
      response.end(JSON.stringify(scope === undefined ? fault : { data: { viewer: { scope } } }))
    } else if (bearer === 'service-token') {
      made.push(body)
      const created = { apiKey: { ...apiKey, createdAt: new Date().toISOString() }, key: `ea_${body.scope}` }
      response.writeHead(201).end(JSON.stringify(created))
    } else response.writeHead(401).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

const provide = (serviceToken = 'service-token') =>
  provideCredentials({
    path: join(folder, 'c.json'),
    url,
    inboxUrl: null,
    persistenceUrl: url,
    serviceToken,
    fetch,
  })

test('the first start makes both keys', async () => {
  expect(await provide()).toEqual({ url, apiKey: 'ea_tenant', adminKey: 'ea_admin', inboxUrl: null })
  expect(made).toHaveLength(2)
  expect(made).toContainEqual({ scope: 'tenant', tenantId: 'demo', name: 'cli' })
  expect(made).toContainEqual({ scope: 'admin', name: 'cli admin' })
  expect((await stat(join(folder, 'c.json'))).mode & 0o777).toBe(0o600)
})

test('keys that still work are kept; the addresses are those of this start', async () => {
  known = { old: 'TENANT', oldAdmin: 'ADMIN' }
  const kept = { apiKey: 'old', adminKey: 'oldAdmin' }
  await writeCredentials(join(folder, 'c.json'), { ...kept, url: 'http://old', inboxUrl: 'http://old' })
  expect(await provide()).toEqual({ ...kept, url, inboxUrl: null })
  expect(made).toEqual([])
})

test.each(['gone', 'oldAdmin', 'no key\n'])('the key %j is replaced', async (old) => {
  known = { oldAdmin: 'ADMIN' }
  await writeCredentials(join(folder, 'c.json'), { apiKey: old, adminKey: 'oldAdmin', url, inboxUrl: null })
  expect(await provide()).toMatchObject({ apiKey: 'ea_tenant', adminKey: 'oldAdmin' })
})

test('a damaged file and a refusing service are reported', async () => {
  await expect(provide('wrong')).rejects.toThrow('persistence refuses this EMAILAUTH_SERVICE_TOKEN.')
  await writeFile(join(folder, 'c.json'), '{')
  await expect(provide()).rejects.toThrow('is damaged')
})
