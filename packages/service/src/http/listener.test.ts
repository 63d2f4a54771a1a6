import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ConfigError } from '../config/config.ts'
import { openTls, TLS_POLL_MS, type TlsSource } from '../network/tls.ts'
import { buildServiceApp } from './app.ts'
import { openClientTls, openListener } from './listener.ts'

const logger = pino({ level: 'silent' })
const script = fileURLToPath(new URL('../../../../scripts/dev-ca.mjs', import.meta.url))
const serviceToken = 'a'.repeat(32)
let folder: string
let ours: Record<'cert' | 'key' | 'ca' | 'clientCert' | 'clientKey', string>
let strangers: typeof ours
const apps: FastifyInstance[] = []
const sources: TlsSource[] = []

const newAuthority = (name: string) => {
  const at = join(folder, name)
  execFileSync(process.execPath, [script, at], { stdio: 'pipe' })
  return {
    cert: join(at, 'service.crt'),
    key: join(at, 'service.key'),
    ca: join(at, 'ca.crt'),
    clientCert: join(at, 'client.crt'),
    clientKey: join(at, 'client.key'),
  }
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-listener-'))
  ours = newAuthority('ours')
  strangers = newAuthority('strangers')
})
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  for (const source of sources.splice(0)) source.close()
})
afterAll(() => rm(folder, { recursive: true }))

async function listen(tls: TlsSource): Promise<number> {
  const app = await buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    listener: { tls, metricsPublic: false },
    logger: undefined,
    readyChecks: [],
    routes: (scope) => {
      scope.get('/v1/x', async () => ({ ok: true }))
    },
  })
  apps.push(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

interface As {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** The status, and the serial number of the server's certificate. */
async function get(port: number, path: string, files: As, headers = {}): Promise<[number, string]> {
  const pems = await Promise.all(
    Object.entries(files).map(async ([name, file]) => [name, await readFile(file, 'utf8')]),
  )
  return new Promise((resolve, reject) => {
    const call = request({
      port,
      host: '127.0.0.1',
      path,
      agent: false,
      headers,
      ...Object.fromEntries(pems),
    })
    call.on('error', reject)
    call.on('response', (reply: IncomingMessage) => {
      const { serialNumber } = (
        reply.socket as unknown as { getPeerCertificate(): { serialNumber: string } }
      ).getPeerCertificate()
      reply.resume().on('end', () => resolve([reply.statusCode ?? 0, serialNumber]))
    })
    call.end()
  })
}

const listener = (cert?: string, key?: string, ca?: string) => ({
  EMAILAUTH_TLS_CERT: cert,
  EMAILAUTH_TLS_KEY: key,
  EMAILAUTH_TLS_CA: ca,
  EMAILAUTH_METRICS_PUBLIC: false,
  EMAILAUTH_ACCEPTED_SERVICE_TOKENS: ['b'.repeat(32)],
})

test('with an authority nobody without its certificate gets a word, not even on health', async () => {
  const { tls } = await openListener(listener(ours.cert, ours.key, ours.ca), logger)
  const port = await listen(tls as TlsSource)
  const authorization = `Bearer ${serviceToken}`
  const friend = { ca: ours.ca, cert: ours.clientCert, key: ours.clientKey }
  expect((await get(port, '/v1/x', friend, { authorization }))[0]).toBe(200)
  // The certificate is no token, and the token no certificate.
  for (const path of ['/v1/x', '/metrics', '/openapi.json']) {
    expect((await get(port, path, friend))[0]).toBe(401)
  }
  for (const stranger of [
    { ca: ours.ca },
    { ca: ours.ca, cert: strangers.clientCert, key: strangers.clientKey },
  ]) {
    for (const path of ['/v1/x', '/healthz', '/readyz', '/metrics']) {
      await expect(get(port, path, stranger, { authorization })).rejects.toThrow()
    }
  }
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
})

test('it accepts the service tokens that are named besides the own one', async () => {
  expect((await openListener(listener(), logger)).alsoAcceptedTokens).toEqual(['b'.repeat(32)])
})

test('the token for metrics is handed on', async () => {
  const EMAILAUTH_METRICS_TOKEN = 'm'.repeat(32)
  const opened = await openListener({ ...listener(), EMAILAUTH_METRICS_TOKEN }, logger)
  expect(opened.metricsToken).toBe(EMAILAUTH_METRICS_TOKEN)
})

test('with a certificate alone it is HTTPS for every client that trusts it', async () => {
  const { tls } = await openListener(listener(ours.cert, ours.key), logger)
  const port = await listen(tls as TlsSource)
  expect((await get(port, '/healthz', { ca: ours.ca }))[0]).toBe(200)
  await expect(get(port, '/healthz', { ca: strangers.ca })).rejects.toThrow(/certificate/)
})

test('new certificates are taken up without a restart; a pair that does not fit is not', async () => {
  expect(TLS_POLL_MS).toBe(2400)
  const at = { cert: join(folder, 'live.crt'), key: join(folder, 'live.key'), ca: ours.ca }
  const put = async (from: typeof ours) => {
    await copyFile(from.key, at.key)
    await copyFile(from.cert, at.cert)
  }
  await put(ours)
  const warnings: string[] = []
  const log = { info: () => {}, warn: (_fields: unknown, text?: string) => warnings.push(String(text)) }
  const source = await openTls(at, { logger: log as never, pollMs: 20 })
  sources.push(source)
  const port = await listen(source)
  const friend = { ca: ours.ca, cert: ours.clientCert, key: ours.clientKey }
  const [, before] = await get(port, '/healthz', friend)

  await writeFile(at.key, await readFile(strangers.key))
  // A look may also come while the file is being written, which is a second warning.
  await eventually(() => expect(warnings).not.toEqual([]))
  expect(await get(port, '/healthz', friend)).toEqual([200, before])

  await put(newAuthority('ours'))
  await eventually(async () => {
    const [status, serial] = await get(port, '/healthz', friend)
    expect(status).toBe(200)
    expect(serial).not.toBe(before)
  })
})

test.each(['cert', 'key', 'ca'] as const)(
  'a file of %s that is empty, or no PEM, is no certificate: it stops the start, and is not taken up later',
  async (name) => {
    const at = { cert: join(folder, 'x.crt'), key: join(folder, 'x.key'), ca: join(folder, 'x.ca') }
    for (const each of ['cert', 'key', 'ca'] as const) await copyFile(ours[each], at[each])
    const warnings: string[] = []
    const log = { info: () => {}, warn: (_fields: unknown, text?: string) => warnings.push(String(text)) }
    const source = await openTls(at, { logger: log as never, pollMs: 5 })
    sources.push(source)
    const before = source.current
    for (const [seen, text] of ['', 'not PEM'].entries()) {
      await writeFile(at[name], text)
      await eventually(() => expect(warnings.length).toBeGreaterThan(seen))
      expect(source.current).toEqual(before)
      await expect(openTls(at, { logger: undefined })).rejects.toThrow(ConfigError)
    }
  },
)

test('certificates that are replaced right after the first read are taken up', async () => {
  const at = { cert: join(folder, 'early.crt'), key: join(folder, 'early.key') }
  const put = (from: typeof ours) => {
    copyFileSync(from.key, at.key)
    copyFileSync(from.cert, at.cert)
  }
  put(ours)
  const source = await openTls(at, { logger: undefined, pollMs: 20 })
  sources.push(source)
  put(strangers)
  const wanted = await readFile(strangers.cert, 'utf8')
  await eventually(() => expect(source.current.cert).toBe(wanted))
})

test.each([
  ['a certificate without its key', listener('x.crt')],
  ['a key alone', listener(undefined, 'x.key')],
  ['an authority alone', listener(undefined, undefined, 'ca.crt')],
])('%s is a fault of the environment', async (_name, variables) => {
  await expect(openListener(variables, logger)).rejects.toThrow(ConfigError)
})

test('missing or mismatched files are reported before the service listens', async () => {
  await expect(openListener(listener('/nowhere/x.crt', '/nowhere/x.key'), logger)).rejects.toThrow(
    /^EMAILAUTH_TLS_.*ENOENT/,
  )
  await expect(openListener(listener(ours.cert, strangers.key), logger)).rejects.toThrow(ConfigError)
})

test('a pure client may trust an authority without a certificate, or use no TLS files', async () => {
  const source = await openClientTls(listener(undefined, undefined, ours.ca), logger)
  expect(source?.current).toEqual({ ca: await readFile(ours.ca, 'utf8') })
  source?.close()
  expect(await openClientTls(listener(), logger)).toBeUndefined()
  await expect(openClientTls(listener(ours.cert), logger)).rejects.toThrow(ConfigError)
})
