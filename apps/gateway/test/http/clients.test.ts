import type { ServerResponse } from 'node:http'
import { toProblem } from '@emailauth/contracts/problems'
import { afterEach, describe, expect, test } from 'vitest'
import { createMailer } from '../../src/services/mailer/mailer-client.ts'
import { createPersistence } from '../../src/services/persistence/persistence-client.ts'
import {
  type ReceivedCall,
  type ScriptedService,
  SERVICE_TOKEN as serviceToken,
  startScriptedService,
} from '../services/scripted-service.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const verification = {
  identityId: `demo.${'x'.repeat(23)}`,
  email: 'e',
  token: 't',
  registeredAt: '2026-11-20T10:00:00.000Z',
}
const request = (requestId: string) => ({ tenantId: 'demo', requestId, number: '1' })
const reply = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const answerAll = (call: ReceivedCall, response: ServerResponse) => {
  const { requests } = call.body as { requests: unknown[] }
  reply(response, 200, { results: requests.map(() => ({ verification })) })
}

const mail = (messageId: string) => ({
  messageId,
  identityId: `demo.${'x'.repeat(22)}${messageId}`,
  tenantId: 'demo',
  tenantName: 'Demo',
  email: 'ada@example.com',
  number: '123456789012',
  locale: null,
  expiresAt: '2026-11-20T10:00:00.000Z',
})

const sentMessage = {
  messageId: 'b',
  identityId: mail('b').identityId,
  state: 'sent',
  attempts: 1,
  updatedAt: '2026-11-20T10:00:00.000Z',
  nextAttemptAt: null,
  reply: null,
  providerId: null,
  relay: null,
}
const session = {
  id: '0123456789abcdef',
  email: 'ada@example.com',
  createdAt: '2026-11-20T10:00:00.000Z',
  expiresAt: '2026-11-20T22:00:00.000Z',
  idleExpiresAt: '2026-11-20T11:00:00.000Z',
  passkeyId: null,
}
const preview = { subject: 's', html: 'h', text: 't' }
const webhookState = {
  ...{ id: `demo.wh_${'w'.repeat(16)}`, waiting: 0, failed: 0, failingSince: null, lastSuccessAt: null },
}
const rejected = toProblem('email-rejected', 'no such mailbox')
const part = (index: number, result: object) => `${JSON.stringify({ index, ...result })}\n`

/** How the clients reach the scripted service. */
describe.each(['HTTP', 'in memory'])('%s', (kind) => {
  const reach = ({ url, openTransport }: ScriptedService) =>
    kind === 'HTTP' ? { url } : { url, openTransport }

  async function scripted(
    answer: (call: ReceivedCall, response: ServerResponse) => void,
    { timeoutMs = 20_000 } = {},
  ) {
    const service = await startScriptedService(answer)
    const persistence = createPersistence({ ...reach(service), serviceToken, timeoutMs })
    stops.push(service.stop)
    return { service, persistence }
  }

  test('calls of one turn make one request, with the service token and the first request id', async () => {
    const { service, persistence } = await scripted(answerAll)
    const results = await Promise.all(['r1', 'r2', 'r3'].map((id) => persistence.verify(request(id))))
    expect(results).toEqual([{ verification }, { verification }, { verification }])
    expect(service.calls).toMatchObject([
      {
        method: 'POST',
        url: '/v1/verifications/batch',
        headers: { authorization: `Bearer ${serviceToken}`, 'x-request-id': 'r1' },
        body: { requests: ['r1', 'r2', 'r3'].map(request) },
      },
    ])
  })

  test('a lost reply is asked for again, once, under the same request id', async () => {
    let lost = 1
    const { service, persistence } = await scripted((call, response) =>
      lost-- > 0 ? response.destroy() : answerAll(call, response),
    )
    expect(await persistence.verify(request('r1'))).toEqual({ verification })
    expect(service.calls.map(({ body }) => body)).toEqual([
      { requests: [request('r1')] },
      { requests: [request('r1')] },
    ])

    lost = 2
    await expect(persistence.verify(request('r2'))).rejects.toMatchObject({
      problem: { code: 'unavailable' },
    })
    expect(service.calls).toHaveLength(4)
  })

  test('a question that changes nothing is asked again when its reply is lost, though it is a POST', async () => {
    let lost = true
    const service = await startScriptedService((call, response) => {
      if (lost) response.destroy()
      else if (call.url === '/v1/sessions/authenticate') reply(response, 200, session)
      else if (call.url === '/v1/previews') reply(response, 200, preview)
      else reply(response, 200, { states: [webhookState] })
      lost = !lost
    })
    const persistence = createPersistence({ ...reach(service), serviceToken, timeoutMs: 20_000 })
    const mailer = createMailer({ ...reach(service), serviceToken, logger: { warn() {} } })
    stops.push(async () => {
      await Promise.all([persistence.close(), mailer.close()])
      await service.stop()
    })
    expect(
      await persistence.authenticateSession({ sessionId: session.id, secretDigest: 'd'.repeat(43) }),
    ).toEqual(session)
    expect(
      await mailer.preview({ tenantId: 'demo', tenantName: 'Demo', mail: {}, locale: null } as never),
    ).toEqual(preview)
    expect(await mailer.webhookState(webhookState.id)).toEqual(webhookState)
    expect(service.calls.map(({ url }) => url)).toEqual([
      ...['/v1/sessions/authenticate', '/v1/sessions/authenticate', '/v1/previews', '/v1/previews'],
      ...['/v1/webhooks/states', '/v1/webhooks/states'],
    ])
  })

  test('a reply that does not come in time is lost too', async () => {
    let late = true
    const { persistence } = await scripted(
      (call, response) => {
        if (!late) answerAll(call, response)
        late = false
      },
      { timeoutMs: 1000 },
    )
    expect(await persistence.verify(request('r1'))).toEqual({ verification })
  })

  test.each([
    [
      'says that it is unavailable',
      503,
      toProblem('unavailable', 'redis at 10.0.0.1 is gone'),
      'unavailable',
    ],
    ['has a fault', 500, toProblem('internal', 'secret detail'), 'internal'],
    ['does not know the service token', 401, toProblem('unauthenticated', 'who?'), 'internal'],
    ['answers with a problem of nobody', 418, { tea: 'pot' }, 'internal'],
  ])('a service that %s is not asked twice', async (_name, status, body, code) => {
    const { service, persistence } = await scripted((_call, response) => reply(response, status, body))
    const error = await persistence.verify(request('r1')).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ problem: { code } })
    // The id of the service's own log lines, also for calls of the same batched request.
    if (code === 'unavailable' || status === 500)
      expect(`${error} ${(error as Error).cause}`).toContain('request r1')
    expect(service.calls).toHaveLength(1)
  })

  test.each([
    ['with 502 and a page', 502, '<html>Bad Gateway</html>'],
    ['with 503 and JSON of its own', 503, '{"message":"no server is available"}'],
    ['with 504 and nothing', 504, ''],
    ['with 200 and a page', 200, '<html>Welcome</html>'],
  ])('a proxy that answers %s: the reply is lost, and asked for again', async (_name, status, text) => {
    let first = true
    const { service, persistence } = await scripted((call, response) => {
      if (!first) return answerAll(call, response)
      first = false
      response.writeHead(status, { 'content-type': 'text/html' }).end(text)
    })
    expect(await persistence.verify(request('r1'))).toEqual({ verification })
    expect(service.calls).toHaveLength(2)
  })

  test('what a caller sent reaches a path only encoded', async () => {
    const { service, persistence } = await scripted((_call, response) =>
      reply(response, 404, toProblem('not-found', 'no')),
    )
    expect(await persistence.identity('../v1/tenants?x=1#')).toBeUndefined()
    expect(service.calls[0]?.url).toBe('/v1/identities/..%2Fv1%2Ftenants%3Fx%3D1%23')
  })

  test('256 registrations of the largest tokens fit into the bodies that persistence takes', async () => {
    const sizes: number[] = []
    const { persistence } = await scripted((call, response) => {
      sizes.push(Number(call.headers['content-length']))
      const { requests } = call.body as { requests: unknown[] }
      reply(response, 200, { results: requests.map(() => ({ problem: toProblem('bad-input', 'x') })) })
    })
    const token = '\u0001'.repeat(4096)
    const email = '\u0001'.repeat(1280)
    const calls = Array.from({ length: 256 }, (_, n) => ({
      tenantId: 'demo',
      requestId: `r${n}`,
      email,
      token,
    }))
    await Promise.all(calls.map(persistence.register))
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024)
  })

  test('200 looked-up messages fit into one head, and drops are sent together before the mailer is closed', async () => {
    const { service } = await scripted((call, response) =>
      call.method === 'GET' ? reply(response, 200, { messages: [] }) : response.writeHead(204).end(),
    )
    const warnings: unknown[] = []
    const logger = { warn: (fields: unknown) => warnings.push(fields) }
    const mailer = createMailer({ ...reach(service), serviceToken, logger })
    const ids = Array.from({ length: 200 }, (_, n) => `${'t'.repeat(40)}.${String(n).padStart(23, 'x')}`)
    expect(await Promise.all(ids.map(mailer.message))).toEqual(ids.map(() => undefined))
    expect(service.calls).toHaveLength(1)

    for (const id of ids) mailer.drop(id, 'gone')
    await mailer.close()
    expect(service.calls.slice(1)).toMatchObject([
      { url: '/v1/messages/drops', body: { identityIds: ids, verifiedIds: [] } },
    ])
    expect(warnings).toEqual([])
  })

  test('a mail is answered for when its line comes, whatever becomes of the others', async () => {
    let cut = () => {}
    let asked = 0
    const { service } = await scripted((_call, response) => {
      // The whole batch is requested again, without an answer.
      if (++asked > 1) return response.destroy()
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      // The last line is torn in the middle, and its rest never comes.
      response.write(`${part(1, { message: sentMessage })}${part(2, { problem: rejected })}{"ind`)
      cut = () => response.destroy()
    })
    const mailer = createMailer({ ...reach(service), serviceToken, logger: { warn() {} } })
    stops.push(mailer.close)
    const [slow, sent, refused] = ['a', 'b', 'c'].map((id) => mailer.send(mail(id), 'r'))
    expect(await sent).toEqual({ message: sentMessage })
    expect(await refused).toEqual({ problem: rejected })
    cut()
    await expect(slow).rejects.toMatchObject({ problem: { code: 'unavailable' } })
    expect(service.calls[0]).toMatchObject({ headers: { accept: 'application/x-ndjson' } })
    expect(asked).toBe(2)
  })

  test.each([
    ['forgets a mail', part(0, { message: sentMessage }), { problem: { code: 'internal' } }],
    ['answers with something else', '<html>\n', { problem: { code: 'unavailable' } }],
    ['answers with no result', part(1, { message: {} }), { problem: { code: 'unavailable' } }],
  ])('a mailer that %s: the mail counts as not sent', async (_why, lines, problem) => {
    const { service } = await scripted((_call, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(lines)
    })
    const mailer = createMailer({ ...reach(service), serviceToken, logger: { warn() {} } })
    stops.push(mailer.close)
    const [, forgotten] = [mailer.send(mail('a'), 'r').catch(() => {}), mailer.send(mail('b'), 'r')]
    await expect(forgotten).rejects.toMatchObject(problem)
  })
})
