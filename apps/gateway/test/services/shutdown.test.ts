import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { SHUTDOWN_MS } from '@emailauth/service/lifecycle/run'
import { eventually } from '@emailauth/testing/eventually'
import { expectWithin } from '@emailauth/testing/timing'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { buildGateway } from '../../src/app.ts'
import { anApiKey } from '../access/an-api-key.ts'
import { REGISTER, VERIFY } from '../world.ts'
import { startScriptedService } from './scripted-service.ts'

const optionsFor = (url: string) => ({
  persistenceUrl: url,
  mailerUrl: url,
  serviceToken: 't'.repeat(32),
  adminFolder: tmpdir(),
  logger: pino({ level: 'silent' }),
  production: true,
})

const callOf = (query: string, input: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${generateApiKey().key}` },
  body: JSON.stringify({ query, variables: { input } }),
})

test('a gateway that is closed finishes what runs, drop included, and takes nothing new', async () => {
  let finish = () => {}
  const service = await startScriptedService(({ url }, response) => {
    const reply = (body: object) => response.end(JSON.stringify(body))
    if (url === '/v1/api-keys/authenticate') {
      reply(anApiKey({ scope: 'tenant', tenantId: 'demo' }))
    } else if (url === '/v1/verifications/batch') {
      const verification = {
        identityId: `demo.${'x'.repeat(23)}`,
        email: 'e',
        token: 'the token',
        registeredAt: '2026-11-20T10:00:00.000Z',
      }
      finish = () => reply({ results: [{ verification }] })
    } else {
      response.writeHead(204).end()
    }
  })
  const app = await buildGateway(optionsFor(service.url))
  const listener = await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `${listener}/graphql`
  const running = fetch(url, callOf(VERIFY, { number: '1' }))
  const wasAsked = (path: string) => () => expect(service.calls.map((each) => each.url)).toContain(path)
  await eventually(wasAsked('/v1/verifications/batch'))

  const closed = app.close()
  // The listener may still accept who connected before it was closed.
  await eventually(() => expect(fetch(`${listener}/healthz`)).rejects.toThrow())
  finish()
  const answer = (await (await running).json()) as { data: { verify: object } }
  expect(answer.data.verify).toMatchObject({ __typename: 'Verified', token: 'the token' })
  await closed
  wasAsked('/v1/messages/drops')()
  await service.stop()
})

const REGISTRATION = {
  identityId: `demo.${'x'.repeat(23)}`,
  email: 'ada@example.com',
  number: '123456789012',
  locale: null,
  createdAt: '2026-11-20T10:00:00.000Z',
  expiresAt: '2026-11-20T10:10:00.000Z',
  replaced: false,
  replacedIdentityId: null,
  messageId: `demo.${'x'.repeat(23)}`,
}

/** Ends within what a shutdown has, and leaves some of it to a busy machine. */
const SLACK_MS = 1000

test('a gateway ends in time when its mailer hangs, and a client never sends the rest of its request', async () => {
  const service = await startScriptedService(({ url }, response) => {
    const reply = (answer: object) => response.end(JSON.stringify(answer))
    if (url === '/v1/api-keys/authenticate') reply(anApiKey({ scope: 'tenant', tenantId: 'demo' }))
    else if (url === '/v1/registrations/batch') reply({ results: [{ registration: REGISTRATION }] })
    else if (url === '/v1/tenants/demo/sender') reply({ tenantName: 'Demo' })
    // The mailer says nothing.
    else if (!url.startsWith('/v1/messages')) response.writeHead(204).end()
  })
  const app = await buildGateway(optionsFor(service.url))
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const running = fetch(new URL('/graphql', url), callOf(REGISTER, { email: 'ada@example.com', token: 't' }))
  await eventually(() => expect(service.calls.map((call) => call.url)).toContain('/v1/messages/batch'))
  const half = connect(Number(url.port), '127.0.0.1')
  const lost = once(half, 'close')
  half.on('error', () => {})
  half.write(
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  )

  const closedAt = performance.now()
  await app.close()
  expectWithin(performance.now() - closedAt, SHUTDOWN_MS - SLACK_MS)
  expect(await (await running).json()).toMatchObject({
    data: { register: { __typename: 'Registered', delivery: 'FAILED' } },
  })
  await lost
  await service.stop()
})
