import { tmpdir } from 'node:os'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { eventually } from '@emailauth/testing/eventually'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { buildGateway } from '../src/app.ts'
import { anApiKey } from './an-api-key.ts'
import { startScriptedService } from './scripted-service.ts'
import { VERIFY } from './world.ts'

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
  const app = await buildGateway({
    persistenceUrl: service.url,
    mailerUrl: service.url,
    serviceToken: 't'.repeat(32),
    adminFolder: tmpdir(),
    logger: pino({ level: 'silent' }),
    production: true,
  })
  const listener = await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `${listener}/graphql`
  const call = {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${generateApiKey().key}` },
    body: JSON.stringify({ query: VERIFY, variables: { input: { number: '1' } } }),
  }
  const running = fetch(url, call)
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
