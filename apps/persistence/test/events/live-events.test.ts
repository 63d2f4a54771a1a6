import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { HEADERS, openService, SERVICE_TOKEN, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

test('live events arrive as they happen, and a caller continues after a lost connection', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'live', name: 'Live' })
  const path = `${listener.url}/v1/events?tenantId=live&audit=false`
  const listen = async (lastEventId: string, want: number) => {
    const gone = new AbortController()
    const accept = 'text/event-stream'
    const reply = await fetch(path, {
      headers: { ...HEADERS, accept, 'last-event-id': lastEventId },
      signal: gone.signal,
    })
    expect(reply.headers.get('content-type')).toContain(accept)
    let text = ''
    for await (const chunk of reply.body ?? []) {
      text += Buffer.from(chunk).toString()
      if ([...text.matchAll(/^data: .*\n\n/gm)].length >= want) break
    }
    gone.abort()
    return [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(([, id = '', data = '']) => ({
      id,
      ...JSON.parse(data),
    }))
  }
  const first = listen('0', 2)
  const made = [
    await listener.register('live'),
    await listener.register('live'),
    await listener.register('live'),
  ]
  const [one, two] = await first
  expect(one).toMatchObject({ type: 'registered', identityId: made[0]?.body.identityId, id: one.cursor })
  const rest = await listen(two.id, 1)
  expect(rest[0]?.identityId).toBe(made[2]?.body.identityId)
})

test('a live answer does not hold the close up', async () => {
  const other = await buildPersistence({ store: listener.it.store, serviceToken: SERVICE_TOKEN })
  const address = await other.listen({ host: '127.0.0.1', port: 0 })
  const reply = await fetch(`${address}/v1/events`, { headers: { ...HEADERS, accept: 'text/event-stream' } })
  const reader = reply.body?.getReader()
  await reader?.read()
  const began = Date.now()
  await other.close()
  expectWithin(Date.now() - began, 2000)
})
