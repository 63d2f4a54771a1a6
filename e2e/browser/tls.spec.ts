import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { freePort } from '@emailauth/testing/free-port'
import { expect, test } from '../system/system.ts'
import { makeAuthority } from '../system/tls.ts'
import { startUp } from '../system/up-system.ts'

/** The status of a service's answer, or the error's code. */
function ask(port: number, path: string, options: object): Promise<number | string> {
  return new Promise((resolve) => {
    const call = request({ host: '127.0.0.1', port, path, agent: false, ...options })
    call.on('response', (reply) => resolve(reply.resume().statusCode ?? 0))
    call.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    call.end()
  })
}

test('with mutual TLS between the services the round trip works, and strangers get nothing', async () => {
  const authority = await makeAuthority()
  const ports = {
    EMAILAUTH_PERSISTENCE_PORT: String(await freePort()),
    EMAILAUTH_MAILER_PORT: String(await freePort()),
  }
  const system = await startUp({ ...authority.env, ...ports })
  try {
    expect(
      (await system.cli(['register', '--email', 'ada@example.com', '--token', 'by TLS'])).code,
      system.output(),
    ).toBe(0)
    const inbox = await system.cli(['inbox', '--to', 'ada@example.com', '--wait', '60', '--json'])
    const [mail] = JSON.parse(inbox.stdout)
    expect(await system.cli(['verify', mail.number])).toMatchObject({ code: 0, stdout: 'by TLS\n' })
    // As it was printed.
    expect((await fetch(`${system.url}/metrics`)).status).toBe(200)

    const secrets = JSON.parse(await readFile(join(system.home, 'secrets.json'), 'utf8'))
    const authorization = `Bearer ${secrets.serviceToken}`
    const read = (name: string) => readFile(join(authority.folder, name), 'utf8')
    const ca = await read('ca.crt')
    const certificate = { ca, cert: await read('client.crt'), key: await read('client.key') }
    for (const port of Object.values(ports).map(Number)) {
      // By HTTP; without a certificate; with a certificate and no token; with both.
      await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
      const path = port === Number(ports.EMAILAUTH_MAILER_PORT) ? '/v1/messages?ids=x' : '/v1/tenants'
      for (const closed of [path, '/healthz', '/metrics']) {
        expect(await ask(port, closed, { ca, headers: { authorization } })).toEqual(expect.any(String))
      }
      expect(await ask(port, path, certificate)).toBe(401)
      expect(await ask(port, '/metrics', certificate)).toBe(401)
      expect(await ask(port, '/healthz', certificate)).toBe(200)
      expect(await ask(port, path, { ...certificate, headers: { authorization } })).toBe(200)
    }
  } finally {
    await system.remove()
    await authority.remove()
  }
})
