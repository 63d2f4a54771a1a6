import { tmpdir } from 'node:os'
import { startDraining } from '@emailauth/service/http/draining'
import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, type MockInstance, test, vi } from 'vitest'
import { buildGateway } from '../../src/app.ts'
import { anApiKey } from '../access/an-api-key.ts'
import { portOf } from '../http/raw-http.ts'
import { startScriptedService } from '../services/scripted-service.ts'
import { startWorld, VERIFY, type World } from '../world.ts'
import {
  bodyOf,
  exchangeBytes,
  keptOpen,
  learn,
  neverSeen,
  requestBytes,
  type Shape,
} from './graphql-bytes.ts'

let world: World
let port: number
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const request = (body: string | Buffer, shape?: Shape) => requestBytes(world.key, body, shape)
const exchange = (...pieces: Buffer[]) => exchangeBytes(port, ...pieces)

/** A gateway that has answered requests on the fast path already. */
async function withGateway(
  options: Parameters<World['another']>[0],
  run: (app: FastifyInstance, routing: MockInstance) => Promise<void>,
): Promise<void> {
  const app = await world.another(options)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const routing = vi.spyOn(app, 'routing')
  port = portOf(app)
  try {
    await eventually(async () => {
      await learn(port, world.key, VERIFY)
      routing.mockClear()
      await exchange(request(bodyOf(VERIFY)))
      expect(routing).not.toHaveBeenCalled()
    })
    await run(app, routing)
  } finally {
    await app.close()
  }
}

test('a gateway that drains answers through Fastify, which closes the connection', () =>
  withGateway({}, async (app, routing) => {
    startDraining(app)
    expect((await exchange(keptOpen(request(bodyOf(VERIFY))))).toString()).toMatch(
      /\r\nconnection: close\r\n/i,
    )
    expect(routing).toHaveBeenCalledOnce()
  }))

test('requests that wait behind one on their connection are bounded as everywhere', () =>
  withGateway({}, async (_app, routing) => {
    const one = keptOpen(request(bodyOf(VERIFY)))
    const repliesTo = async (waiting: number) => {
      const all = [...Array.from({ length: waiting }, () => one), request(bodyOf(VERIFY))]
      // Its connection may be reset.
      const bytes = await exchange(Buffer.concat(all)).catch(() => '')
      return bytes.toString().match(/HTTP\/1\.1 200 /g)?.length ?? 0
    }
    expect(await repliesTo(4)).toBe(5)
    expect(routing).toHaveBeenCalledTimes(4)
    expect(await repliesTo(600)).toBeLessThan(6)
  }))

test('while the event loop lags the fast path sends requests away too', () =>
  withGateway({ load: { maxEventLoopDelayMs: 30, sampleMs: 50, measureMs: 5 } }, async () => {
    // In each turn of the loop, so that every measurement is late, however fast the machine is.
    const blocking = setInterval(() => {
      const until = performance.now() + 60
      while (performance.now() < until) Math.sqrt(2)
    }, 1)
    try {
      const refused = /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/
      const answer = async (query: string) => (await exchange(request(bodyOf(query)))).toString()
      await eventually(async () => expect(await answer(neverSeen(VERIFY))).toMatch(refused))
      // At once, while its key is known: later Fastify would be asked in any case.
      expect(await answer(VERIFY)).toMatch(refused)
    } finally {
      clearInterval(blocking)
    }
  }))

test('a request on the fast path whose body does not come to its end is answered 408', () =>
  withGateway({ requestLimits: { headersMs: 300, requestMs: 400, replyMs: 60_000 } }, async () => {
    const whole = keptOpen(request(bodyOf(VERIFY)))
    expect((await exchange(whole.subarray(0, whole.length - 5))).toString()).toMatch(/^HTTP\/1\.1 408 /)
  }))

test('where other origins may call, Fastify sees each request', async () => {
  const app = await world.another({ corsOrigins: ['https://a.example'] })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = portOf(app)
  try {
    await learn(port, world.key, VERIFY)
    expect((await exchange(request(bodyOf(VERIFY)))).toString()).toMatch(/\r\nvary: Origin\r\n/i)
  } finally {
    await app.close()
  }
})

test('a request on the fast path that is not answered in time is SERVICE_UNAVAILABLE, once in the log', async () => {
  let isSilent = false
  const lines: string[] = []
  const service = await startScriptedService(({ url, body }, response) => {
    if (url === '/v1/api-keys/authenticate') {
      response.end(JSON.stringify(anApiKey({ scope: 'tenant', tenantId: 'demo' })))
    } else if (url === '/v1/verifications/batch' && !isSilent) {
      const { requests } = body as { requests: object[] }
      const verification = {
        identityId: 'i',
        email: 'e',
        token: 't',
        registeredAt: '2026-11-20T10:00:00.000Z',
      }
      response.end(JSON.stringify({ results: requests.map(() => ({ verification })) }))
    } else if (url !== '/v1/verifications/batch') {
      response.writeHead(204).end()
    }
  })
  const app = await buildGateway({
    persistenceUrl: service.url,
    mailerUrl: service.url,
    serviceToken: 't'.repeat(32),
    adminFolder: tmpdir(),
    logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
    production: true,
    operationTimeoutMs: 300,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const others = vi.spyOn(app, 'routing')
  port = portOf(app)
  try {
    await eventually(async () => {
      others.mockClear()
      expect((await exchange(request(bodyOf(VERIFY)))).toString()).toContain('"token":"t"')
      expect(others).not.toHaveBeenCalled()
    })
    isSilent = true
    const shape = { head: ['Accept: application/graphql-response+json'] }
    const late = await eventually(async () => {
      others.mockClear()
      const reply = await exchange(request(bodyOf(VERIFY), shape))
      expect(others).not.toHaveBeenCalled()
      return reply.toString()
    })
    expect(late).toMatch(/^HTTP\/1\.1 503 [\s\S]*content-type: application\/graphql-response\+json/)
    const [, id] = /x-request-id: (\S+)/.exec(late) ?? []
    expect(late).toContain(`"extensions":{"code":"SERVICE_UNAVAILABLE","requestId":"${id}"}`)
    expect(lines.filter((line) => line.includes(String(id)) && line.includes('in time'))).toHaveLength(1)
  } finally {
    await app.close()
    await service.stop()
  }
})
