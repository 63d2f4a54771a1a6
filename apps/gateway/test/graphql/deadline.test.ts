import type { ServerResponse } from 'node:http'
import { toProblem } from '@emailauth/contracts/problems'
import { DEADLINE_HEADER, STORE_TIME_HEADER } from '@emailauth/rpc/deadline'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, expect, test, vi } from 'vitest'
import { createMailer } from '../../src/services/mailer/mailer-client.ts'
import { createPersistence } from '../../src/services/persistence/persistence-client.ts'
import { type ReceivedCall, startScriptedService } from '../services/scripted-service.ts'

const serviceToken = 't'.repeat(32)
/** Longer than a busy machine lets a reply of this process wait, so that no attempt is given up by chance. */
const TIMEOUT_MS = 20_000
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const stop of stops.splice(0)) await stop()
})

async function scripted(
  answer: (call: ReceivedCall, response: ServerResponse) => void,
  timeoutMs = TIMEOUT_MS,
) {
  const sockets: unknown[] = []
  const service = await startScriptedService((call, response) => {
    sockets.push(response.socket)
    answer(call, response)
  })
  const persistence = createPersistence({ url: service.url, serviceToken, timeoutMs })
  stops.push(persistence.close, service.stop)
  return { service, persistence, sockets }
}

const verification = {
  identityId: `demo.${'x'.repeat(23)}`,
  email: 'e',
  token: 't',
  registeredAt: '2026-11-20T10:00:00.000Z',
}
const request = (requestId: string) => ({ tenantId: 'demo', requestId, number: '1' })
const identityId = `demo.${'x'.repeat(23)}`
const idsIn = (call: ReceivedCall) =>
  (call.body as { requests: { requestId: string }[] }).requests.map(({ requestId }) => requestId)
const reply = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const answerAll = (call: ReceivedCall, response: ServerResponse) =>
  reply(response, 200, { results: idsIn(call).map(() => ({ verification })) })
/** The clock by which a client decides about another attempt. It stands still, but for what a test adds. */
function standingClock() {
  const clock = { ms: performance.now() }
  vi.spyOn(performance, 'now').mockImplementation(() => clock.ms)
  return clock
}
const momentOf = ({ headers }: ReceivedCall) => Number(headers[DEADLINE_HEADER])

test("each call that writes carries its deadline in the store's time", async () => {
  const { service, persistence } = await scripted((call, response) => {
    if (call.url.endsWith('/batch')) answerAll(call, response)
    else response.writeHead(204).end()
  })
  /** How long a call may take, from its beginning. */
  const withinMs = async (call: () => Promise<unknown>) => {
    const beganAtMs = Date.now()
    await call()
    const [made, ...others] = service.calls.splice(0)
    expect(others).toEqual([])
    return momentOf(made!) - beganAtMs
  }
  const verify = await withinMs(() => persistence.verify(request('r1')))
  const refuse = await withinMs(() => persistence.refuse({ tenantId: 'demo', identityId }))
  const revoke = await withinMs(() => persistence.revokeIdentity(identityId))
  // The store's time is known from a reply before or from the first question, which takes a while to arrive:
  // what a busy machine adds to it makes a deadline earlier, and later only what passes before it is set.
  for (const both of [verify, refuse]) {
    expect(both, 'for two attempts').toBeGreaterThan(1.5 * TIMEOUT_MS)
    expect(both).toBeLessThan(2.5 * TIMEOUT_MS)
  }
  expect(revoke, 'it is asked once').toBeGreaterThan(0.5 * TIMEOUT_MS)
  expect(revoke).toBeLessThan(1.5 * TIMEOUT_MS)
})

test("the store's clock counts as soon as a reply shows it, however far it is from ours", async () => {
  const dayMs = 86_400_000
  const { service, persistence } = await scripted((call, response) =>
    reply(
      response,
      200,
      { results: idsIn(call).map(() => ({ verification })) },
      { [STORE_TIME_HEADER]: String(Date.now() + dayMs) },
    ),
  )
  await persistence.verify(request('r1'))
  await persistence.verify(request('r2'))
  const [first, second] = service.calls.map(momentOf)
  expect(second! - first!).toBeGreaterThan(dayMs - 100)
})

test('the second attempt bears the same moment, and goes over a connection that nobody has used', async () => {
  let lost = false
  const { service, persistence, sockets } = await scripted((call, response) => {
    if (lost) response.destroy()
    else answerAll(call, response)
    lost = false
  })
  // Several connections are open and idle.
  const turn = () => new Promise(setImmediate)
  const opened = []
  for (const id of ['a', 'b', 'c']) {
    opened.push(persistence.verify(request(id)))
    await turn()
    await turn()
  }
  await Promise.all(opened)
  const before = new Set(sockets.splice(0))
  service.calls.splice(0)
  lost = true
  expect(await persistence.verify(request('r1'))).toEqual({ verification })
  const [first, second] = service.calls
  expect(momentOf(second!)).toBe(momentOf(first!))
  expect(before.has(sockets[0]), 'the first attempt is made on one that is open').toBe(true)
  expect(before.has(sockets[1])).toBe(false)

  lost = true
  await persistence.verify(request('r2'))
  expect(sockets.slice(0, 3)).not.toContain(sockets[3])
})

test('a second attempt that failed leaves no connection behind for the next one', async () => {
  let hangs = true
  const { service, persistence, sockets } = await scripted((call, response) => {
    if (!hangs) answerAll(call, response)
  }, 2000)
  await expect(persistence.verify(request('r1'))).rejects.toMatchObject({ problem: { code: 'unavailable' } })
  expect(service.calls).toHaveLength(2)
  await eventually(async () => expect(await service.connections()).toBeLessThanOrEqual(1))
  hangs = false
  await persistence.verify(request('r2'))
  expect(new Set(sockets).size).toBe(3)
})

test('what the store could not do at this moment is asked again, alone, under its own request id', async () => {
  standingClock()
  let isAway = true
  const { service, persistence } = await scripted((call, response) => {
    const answerOf = (id: string) =>
      isAway && id !== 'r2' ? { problem: toProblem('unavailable', 'away') } : { verification }
    reply(response, 200, { results: idsIn(call).map(answerOf) })
    isAway = false
  })
  const results = await Promise.all(['r1', 'r2', 'r3'].map((id) => persistence.verify(request(id))))
  expect(results).toEqual([{ verification }, { verification }, { verification }])
  expect(service.calls.map(idsIn)).toEqual([
    ['r1', 'r2', 'r3'],
    ['r1', 'r3'],
  ])
})

test("the second attempt goes by the clock that the first reply shows, as after the store's was set ahead", async () => {
  standingClock()
  let nowMs = Date.now()
  const { service, persistence } = await scripted((call, response) => {
    const isLate = momentOf(call) <= nowMs
    const answer = isLate
      ? { problem: toProblem('unavailable', 'late', { tookEffect: false }) }
      : { verification }
    const headers = { [STORE_TIME_HEADER]: String(nowMs) }
    reply(response, 200, { results: idsIn(call).map(() => answer) }, headers)
  })
  await persistence.verify(request('r1'))
  nowMs += 3_600_000
  expect(await persistence.verify(request('r2'))).toEqual({ verification })
  expect(service.calls.map(idsIn)).toEqual([['r1'], ['r2'], ['r2']])
})

test('once, and not when the first answer took nearly all of its time', async () => {
  const clock = standingClock()
  let lateMs = 0
  const { service, persistence } = await scripted((call, response) => {
    const problem = toProblem('unavailable', 'away')
    clock.ms += lateMs
    reply(response, 200, { results: idsIn(call).map(() => ({ problem })) })
  })
  const calls = async (id: string) => {
    const before = service.calls.length
    expect(await persistence.verify(request(id))).toMatchObject({ problem: { code: 'unavailable' } })
    return service.calls.length - before
  }
  expect(await calls('r1')).toBe(2)
  lateMs = 2 * TIMEOUT_MS - 100
  expect(await calls('r2')).toBe(1)
})

test('look-ups are asked again when their reply is lost; a revocation is not', async () => {
  const { service, persistence } = await scripted((_call, response) => response.destroy())
  const isUnavailable = { problem: { code: 'unavailable' } }
  await expect(persistence.tenant('demo')).rejects.toMatchObject(isUnavailable)
  expect(service.calls.splice(0)).toHaveLength(2)
  await expect(persistence.revokeIdentity(identityId)).rejects.toMatchObject(isUnavailable)
  expect(service.calls).toHaveLength(1)
})

test('a mail is asked for again when the reply is lost, in the time that is left', async () => {
  const { service } = await scripted((call, response) => {
    if (service.calls.length === 1) return response.destroy()
    const lines = idsIn(call).map((_, index) =>
      JSON.stringify({ index, problem: toProblem('bad-input', 'x') }),
    )
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(`${lines.join('\n')}\n`)
  })
  const mailer = createMailer({ url: service.url, serviceToken, logger: { warn() {} }, timeoutMs: 20_000 })
  stops.push(mailer.close)
  const message = {
    messageId: identityId,
    identityId,
    tenantId: 'demo',
    tenantName: 'Demo',
    email: 'ada@example.com',
    number: '123456',
    locale: null,
    expiresAt: '2026-11-20T10:00:00.000Z',
  }
  expect(await mailer.send(message, 'r1')).toMatchObject({ problem: { code: 'bad-input' } })
  expect(service.calls).toHaveLength(2)
})
