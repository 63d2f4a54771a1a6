import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../reliability/proxies.ts'

const haproxy = spawnSync('haproxy', ['-v'], { stdio: 'ignore' }).status === 0
const CALLS = 30

/** HAProxy before a service. Without `option http-no-delay` lines of a stream wait in it. */
async function startHaproxy(target: string, options: string) {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-haproxy-'))
  const port = await freePort()
  const file = join(folder, 'haproxy.cfg')
  await writeFile(
    file,
    `defaults
  mode http
  ${options}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend services
  bind 127.0.0.1:${port}
  stats enable
  stats uri /haproxy-counts
  default_backend persistence
backend persistence
  server a ${new URL(target).host}
`,
  )
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  await eventually(() => fetch(`${url}/haproxy-counts`))
  return {
    url,
    /** Requests that have come to the backend so far. */
    async requests(): Promise<number> {
      const [names = '', ...rows] = (await (await fetch(`${url}/haproxy-counts;csv`)).text()).split('\n')
      const at = names.split(',').indexOf('req_tot')
      const counts = rows.find((row) => row.startsWith('persistence,BACKEND,'))?.split(',')
      return Number(counts?.[at])
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true })
    },
  }
}

let env: Readonly<Record<string, string>>
let persistence: TestService
let mailer: TestService
const stops: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  if (!haproxy) return
  const redis = await startRedis()
  stops.push(() => redis.stop())
  const smtp = await startSmtp()
  stops.push(() => smtp.stop())
  env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url }
  persistence = await startPersistence({ env })
  stops.push(() => persistence.stop())
  mailer = await startMailer({ env })
  stops.push(() => mailer.stop())
})
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop()
})

test.runIf(haproxy).each([
  ['with its defaults', '', 'requests'],
  ['with http-no-delay', 'option http-no-delay', 'a stream'],
])(
  `behind HAProxy %s: how calls go${haproxy ? '' : ' (not here)'}`,
  async (_name, options, way) => {
    const proxy = await startHaproxy(persistence.url, options)
    onTestFinished(() => proxy.stop())
    const gateway = await startGateway({
      env: { ...env, EMAILAUTH_PERSISTENCE_URL: proxy.url, EMAILAUTH_MAILER_URL: mailer.url },
    })
    onTestFinished(() => gateway.stop())
    const made = await fetch(`${persistence.url}/v1/api-keys`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ scope: 'tenant', tenantId: 'demo', name: 'k' }),
    })
    const { key } = (await made.json()) as { key: string }
    const verify = async () => {
      const reply = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          query: 'mutation { verify(input: { number: "111122223333" }) { __typename } }',
        }),
      })
      expect(await reply.json()).toEqual({ data: { verify: { __typename: 'WrongCredentials' } } })
    }
    // A call of a stream is no request to the proxy. Where frames wait, the stream is given up for requests.
    await eventually(async () => {
      const before = await proxy.requests()
      for (let call = 0; call < CALLS; call++) await verify()
      const requests = (await proxy.requests()) - before
      expect(requests >= CALLS ? 'requests' : 'a stream').toBe(way)
      // On a busy machine a stream may be taken for slow, and is not tried again for a minute.
    }, 150_000)
  },
  300_000,
)

/** HAProxy before two gateways, in whose place one server answers. Both end with the running test. */
async function proxyBefore(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const proxy = await startProxy('haproxy', [target, target])
  onTestFinished(() => proxy.stop())
  return proxy
}

test.runIf(haproxy)(
  `behind HAProxy calls go on while no gateway's check comes in time${haproxy ? '' : ' (not here)'}`,
  async () => {
    let isStarved = false
    const proxy = await proxyBefore((request, response) => {
      if (!isStarved || !request.url?.startsWith('/readyz')) response.end('answered')
    })
    isStarved = true
    await eventually(() => {
      for (const name of ['a', 'b']) expect(proxy.output()).toContain(`gateways/${name} is DOWN`)
    })
    expect(await (await fetch(`${proxy.url}/graphql`)).text()).toBe('answered')
  },
)

test.runIf(haproxy)(
  `behind HAProxy a request whose head takes for ever ends${haproxy ? '' : ' (not here)'}`,
  async () => {
    const proxy = await proxyBefore((_request, response) => void response.end())
    const { hostname, port } = new URL(proxy.url)
    const socket = connect(Number(port), hostname).on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nX-Slow: ')
    // So that it is never silent for long.
    const trickle = setInterval(() => socket.write('a'), 500)
    onTestFinished(() => clearInterval(trickle))
    let said = ''
    socket.on('data', (chunk) => (said += chunk))
    await once(socket, 'close')
    expect(said).toMatch(/^HTTP\/1.1 408 /)
  },
)
