import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Settings } from '../connection/settings.ts'
import { checkCredentials, checkGateway, remediesFor } from './check-project.ts'
import { whyAway } from './why-away.ts'

test('a gateway that does not answer is started where it is: by "up" only from a clone', async () => {
  const remedyAt = async (url: string, isOurs: boolean) =>
    (await checkGateway({ url }, remediesFor({ url }, isOurs))).finding
  expect(await remedyAt('http://127.0.0.1:1', true)).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('npx emailauth up'),
  })
  expect(await remedyAt('http://127.0.0.1:1', false)).toMatchObject({
    state: 'fail',
    fix: 'See that it runs, or say where it is: EMAILAUTH_URL, --url or a profile.',
  })
  expect(await remedyAt('http://192.0.2.1:1', false)).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('on another host'),
  })
})

const answering = (body: string) => createServer((_request, response) => response.end(body))
test.each([
  [
    'persistence or the mailer',
    answering('{"status":"ok","checks":{"redis":"ok"}}'),
    'http',
    'is not emailauth',
  ],
  ['a page', answering('<!doctype html><p>hello'), 'http', 'is not emailauth'],
  ['a mail server', createTcpServer((socket) => socket.end('220 mail\r\n')), 'http', 'is not emailauth'],
  ['a gateway without TLS, asked with it', answering('{}'), 'https', 'speaks no TLS'],
])('where %s answers in place of the gateway, it says so', async (_what, server, scheme, detail) => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
  })
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { finding, state } = await checkGateway({ url }, remediesFor({ url }, true))
  expect(finding).toMatchObject({ state: 'fail', detail: expect.stringContaining(detail) })
  expect(finding.fix).not.toContain('npx emailauth up')
  expect(state).toBe('away')
})

test('a gateway that sees different stores is ready, and says what to set', async () => {
  const server = answering(
    '{"status":"ok","checks":{"persistence":"ok","store":"unavailable","mailer":"ok"}}',
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { finding, state } = await checkGateway({ url }, remediesFor({ url }, false))
  expect(finding).toMatchObject({
    state: 'fail',
    detail: `${url}: the processes of persistence have different stores`,
    fix: expect.stringContaining('EMAILAUTH_REDIS_URL'),
  })
  expect(state).toBe('ready')
})

test('a URL without its scheme is no URL, and why a connection failed is said', async () => {
  const url = 'auth.example.com'
  expect((await checkGateway({ url }, remediesFor({ url }, false))).finding).toMatchObject({
    detail: 'auth.example.com: this is no URL of a gateway',
    fix: expect.stringContaining('http://'),
  })
  const failed = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) })
  const details = ['ENOTFOUND', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'EPIPE'].map(
    (code) => whyAway('https://auth.example.com', failed(code)).detail,
  )
  expect(details).toEqual([
    'its host name has no address (ENOTFOUND)',
    'it does not answer: nothing listens there (ECONNREFUSED)',
    'its certificate has expired (CERT_HAS_EXPIRED)',
    'its certificate is not trusted here (SELF_SIGNED_CERT_IN_CHAIN)',
    'it does not answer (EPIPE)',
  ])
})

test('credentials that others can read are a fault, with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-doctor-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'credentials.json')
  await writeFile(file, '{}')
  const url = 'http://127.0.0.1:1'
  const check = () => checkCredentials({ url, file, apiKey: 'x' } as Settings, remediesFor({ url }, true))
  for (const mode of [0o640, 0o604]) {
    await chmod(file, mode)
    expect(await check()).toMatchObject({ state: 'fail', fix: `Run: chmod 600 ${file}` })
  }
  await chmod(file, 0o600)
  expect((await check()).state).toBe('ok')
})
