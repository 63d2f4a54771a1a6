import { toProblem } from '@emailauth/contracts/problems'
import { eventually } from '@emailauth/testing/eventually'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createRpcClient } from '../src/client/client.ts'
import { createMemoryTransport } from '../src/client/memory/transport.ts'
import { LostReply } from '../src/client/transport.ts'
import { buildItemService, closedGate, type Item, KINDS, result, startItems } from './item-service.ts'

// The contract of a transport: whatever a service is called by, the same call has the same reply.

describe.each(KINDS)('%s', (kind) => {
  const start = (how: Parameters<typeof startItems>[1] = {}) => startItems(kind, how)

  test('calls of one turn are one batch, and each has its own reply', async () => {
    const { batch, script } = await start()
    const replies = ['a', 'refused', 'ñ€😀'].map((name) => batch({ name }, `r-${name}`))
    expect(await Promise.all(replies)).toEqual([
      { said: 'a' },
      { problem: toProblem('email-rejected', 'no such mailbox') },
      { said: 'ñ€😀' },
    ])
    expect(script.asked).toHaveLength(1)
  })

  test('a field that is undefined is absent at both ends', async () => {
    const { batch, script } = await start()
    expect(Object.keys(await batch({ name: 'a', note: undefined }, 'r'))).toEqual(['said'])
    expect(script.asked).toEqual([[{ name: 'a' }]])
    expect(Object.keys((script.asked as Item[][])[0]?.[0] ?? {})).toEqual(['name'])
  })

  test('what the service changes in a request, the caller does not see, and the other way round', async () => {
    const { transport, script } = await start()
    const body = { requests: [{ name: 'a' }] }
    const exchange = { method: 'POST', path: '/v1/items/batch', body, isBatch: true } as const
    const how = { headers: { 'x-request-id': 'r' }, timeoutMs: 60_000, onNewConnection: false }
    await transport.send({ ...exchange, ...how })
    const [asked] = script.asked as { name: string }[][]
    expect(asked).toEqual(body.requests)
    for (const request of asked ?? []) request.name = 'changed'
    expect(body.requests).toEqual([{ name: 'a' }])
  })

  test('headers of replies are those of the service', async () => {
    const { batch, rpc, times } = await start()
    await batch({ name: 'first' }, 'r')
    await rpc.call({ method: 'GET', path: '/v1/items?name=a', reply: result })
    expect(times).toHaveLength(2)
  })

  test.each([
    ['a batch with an invalid item', 'much too long a name', 'bad-input', 'requests.0.name'],
    ['a batch while the store is away', 'away', 'unavailable', undefined],
    ['a batch that meets a fault of the service', 'broken', 'internal', undefined],
  ])('%s: the same problem, and the fault itself stays inside', async (_what, name, code, field) => {
    const { batch, parts } = await start()
    for (const call of [batch, parts]) {
      const error = await call({ name }, 'r1').catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ problem: { code, ...(field === undefined ? {} : { field }) } })
      expect(`${error} ${(error as Error).cause}`).not.toContain('secret')
      if (call === batch)
        expect(`${error} ${(error as Error).cause}`).toContain(code === 'bad-input' ? 'name' : 'request r1')
    }
  })

  test('a single call: its body, its problem, and an empty reply', async () => {
    const { rpc } = await start()
    const get = (name: string) =>
      rpc.call({ method: 'GET', path: `/v1/items?name=${encodeURIComponent(name)}`, reply: result })
    expect(await get('a&b=?ñ')).toEqual({ body: { said: 'a&b=?ñ' } })
    await expect(get('away')).rejects.toMatchObject({ problem: { code: 'unavailable', tookEffect: false } })
    await expect(get('broken')).rejects.toMatchObject({ problem: { code: 'internal' } })
    expect(await rpc.call({ method: 'GET', path: '/v1/nothing', reply: z.unknown() })).toMatchObject({
      problem: { code: 'not-found' },
    })
    expect(await rpc.call({ method: 'DELETE', path: '/v1/items', reply: z.undefined() })).toEqual({
      body: undefined,
    })
    await rpc.ready()
  })

  test('calls beyond the limit wait, within their time-out', async () => {
    const { gate, open } = closedGate()
    const { rpc, script } = await start({ gate, maxOpen: 2 })
    const call = (name: string, more = {}) =>
      rpc.call({ method: 'GET', path: `/v1/items?name=${name}`, reply: result, ...more })
    const names = () => (script.asked as { name: string }[]).map(({ name }) => name).sort()
    const first = Promise.all([call('a'), call('b')])
    await eventually(() => expect(names()).toEqual(['a', 'b']))
    const both = Promise.all([first, call('c')])
    await expect(call('late', { timeoutMs: 50, withinMs: 50 })).rejects.toBeInstanceOf(LostReply)
    expect(names()).toEqual(['a', 'b'])
    open()
    const [, waited] = await both
    expect(waited).toEqual({ body: { said: 'c' } })
    // The one that gave up is not asked for any more.
    expect(names()).toEqual(['a', 'b', 'c'])
  })

  test('calls that gave up while they waited keep none behind them waiting', async () => {
    const { gate, open } = closedGate()
    const { rpc, script } = await start({ gate, maxOpen: 1 })
    const call = (name: string, more = {}) =>
      rpc.call({ method: 'GET', path: `/v1/items?name=${name}`, reply: result, ...more })
    const first = call('first')
    await eventually(() => expect(script.asked).toHaveLength(1))
    const cut = new AbortController()
    const late = ['a', 'b', 'c'].map((name) => call(name, { signal: cut.signal }).catch((e: unknown) => e))
    const behind = call('behind')
    cut.abort()
    for (const error of await Promise.all(late)) expect(error).toBeInstanceOf(LostReply)
    open()
    await first
    expect(await behind).toEqual({ body: { said: 'behind' } })
  })

  test('a call that gave up makes room for another, though the service still works on it', async () => {
    const { gate } = closedGate()
    const { rpc } = await start({ gate, maxOpen: 1 })
    const late = { path: '/v1/items?name=late', reply: result, timeoutMs: 50, withinMs: 50 }
    await expect(rpc.call({ method: 'GET', ...late })).rejects.toBeInstanceOf(LostReply)
    expect(await rpc.call({ method: 'DELETE', path: '/v1/items', reply: z.undefined() })).toEqual({
      body: undefined,
    })
  })

  test('a body over the limit is refused', async () => {
    const { rpc } = await start()
    const body = { text: 'x'.repeat(5 * 1024 * 1024) }
    const call = rpc.call({ method: 'POST', path: '/v1/waits', body, reply: z.unknown() })
    const refusal = await call.then(
      (reply) => reply,
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ problem: { code: 'payload-too-large' } })
  })

  test('parts arrive one by one: none waits for a slower one', async () => {
    const { gate, open } = closedGate()
    const { parts } = await start({ gate })
    const [quick, refused, late] = ['quick', 'refused', 'late'].map((name) => parts({ name }, 'r'))
    expect(await quick).toEqual({ said: 'quick' })
    expect(await refused).toMatchObject({ problem: { code: 'email-rejected' } })
    open()
    expect(await late).toEqual({ said: 'late' })
  })

  test('an invalid part is a lost reply, asked for once more, and the service works on', async () => {
    const { parts, script } = await start()
    const [good, invalid] = ['good', 'invalid'].map((name) => parts({ name }, 'r'))
    expect(await good).toEqual({ said: 'good' })
    await expect(invalid).rejects.toMatchObject({ problem: { code: 'unavailable' } })
    expect(script.asked).toHaveLength(2)
    expect(await parts({ name: 'next' }, 'r')).toEqual({ said: 'next' })
  })
})

test('a token that is not the service’s is refused in memory too', async () => {
  const app = await buildItemService({ gate: Promise.resolve(), asked: [], hungUp: [] })
  await app.ready()
  const transport = createMemoryTransport({ name: 'test', app, serviceToken: 'x'.repeat(32) })
  const rpc = createRpcClient({ name: 'test', transport, timeoutMs: 60_000 })
  expect(await rpc.call({ method: 'GET', path: '/v1/items?name=a', reply: result })).toMatchObject({
    problem: { code: 'unauthenticated' },
  })
})
