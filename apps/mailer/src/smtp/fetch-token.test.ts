import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { makeCertificates } from '@emailauth/testing/certificates'
import { expect, onTestFinished, test } from 'vitest'
import { FETCH_LIMITS, fetchToken } from './fetch-token.ts'

type Server = ReturnType<typeof createServer>

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

async function tokenFrom(answer: RequestListener, limits = FETCH_LIMITS) {
  const tokenUrl = `http://127.0.0.1:${await listening(createServer(answer))}/token`
  return fetchToken({ tokenUrl, clientId: 'id', clientSecret: 'hush' }, 'refresh', limits)
}
const answering =
  (text: string): RequestListener =>
  (_, response) =>
    void response.end(text)

test('an access token lives as long as the endpoint says', async () => {
  const before = Date.now()
  const { token, expiresAtMs } = await tokenFrom(answering('{"access_token":"a.b","expires_in":3600}'))
  expect(token).toBe('a.b')
  expect(expiresAtMs).toBeGreaterThanOrEqual(before + 3_600_000)
  expect(await tokenFrom(answering('{"access_token":"a.b"}'))).toEqual({ token: 'a.b', expiresAtMs: 0 })
})

test.each([
  ['{"error":"invalid_grant","error_description":"secret"}', 'gave no access token: invalid_grant.'],
  [`{"error":"${'x'.repeat(40)}"}`, `gave no access token: ${'x'.repeat(40)}.`],
  [`{"error":"${'x'.repeat(41)}"}`, 'gave no access token.'],
  ['{"error":"Secret of somebody"}', 'gave no access token.'],
  ['{"access_token":"a\\nb"}', 'gave no access token.'],
  ['<html>', 'gave no access token.'],
  ['null', 'gave no access token.'],
  ['', 'gave no access token.'],
])('of %j no more is said than the name of an error', async (text, message) => {
  await expect(tokenFrom(answering(text))).rejects.toThrow(`The token endpoint ${message}`)
})

test('an answer has at most 64 KiB and 30 s, however it comes', async () => {
  expect(FETCH_LIMITS).toEqual({ timeoutMs: 30_000, maxBytes: 65_536 })
  const body = (bytes: number) => `{"access_token":"a"}`.padEnd(bytes)
  expect((await tokenFrom(answering(body(65_536)))).token).toBe('a')
  await expect(tokenFrom(answering(body(65_537)))).rejects.toThrow('too long')
  const endless: RequestListener = (_, response) => {
    const text = new Readable({ read: () => void text.push('x'.repeat(65_536)) })
    text.pipe(response)
  }
  await expect(tokenFrom(endless)).rejects.toThrow('too long')
  const dripping: RequestListener = (_, response) => {
    const drops = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(drops))
  }
  await expect(tokenFrom(dripping, { ...FETCH_LIMITS, timeoutMs: 200 })).rejects.toThrow('in time')
})

test('the refresh token goes to nobody else: no redirect is followed, no strange certificate believed', async () => {
  const asked: (string | undefined)[] = []
  const moved: RequestListener = ({ url }, response) => {
    asked.push(url)
    response.writeHead(307, { location: '/elsewhere' }).end()
  }
  await expect(tokenFrom(moved)).rejects.toThrow()
  expect(asked).toEqual(['/token'])

  const folder = await mkdtemp(join(tmpdir(), 'emailauth-token-tls-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { certificate, key } = await makeCertificates(folder)
  const tls = { cert: await readFile(certificate), key: await readFile(key) }
  const port = await listening(
    createTlsServer(tls, ({ url }, response) => {
      asked.push(url)
      response.end('{"access_token":"a"}')
    }),
  )
  const endpoint = { tokenUrl: `https://127.0.0.1:${port}/tls`, clientId: 'id', clientSecret: 'hush' }
  await expect(fetchToken(endpoint, 'refresh')).rejects.toThrow()
  expect(asked).toEqual(['/token'])
})
