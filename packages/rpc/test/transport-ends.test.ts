import { startDraining } from '@emailauth/service/http/draining'
import { eventually } from '@emailauth/testing/eventually'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { LostReply, type Transport } from '../src/client/transport.ts'
import { closedGate, KINDS, startItems } from './item-service.ts'

// How calls and streams end by any transport: too late, cut off, or with the service or its client.

describe.each(KINDS)('%s', (kind) => {
  const start = (how: Parameters<typeof startItems>[1] = {}) => startItems(kind, how)

  test('a reply that comes too late is lost: a batch is sent once more, a change is not', async () => {
    const { gate } = closedGate()
    const { batch, rpc, sent } = await start({ timeoutMs: 100, gate })
    await expect(batch({ name: 'a' }, 'r1')).rejects.toBeInstanceOf(LostReply)
    expect(sent).toEqual(['/v1/items/batch', '/v1/items/batch'])
    const change = rpc.call({ method: 'POST', path: '/v1/waits', body: {}, reply: z.unknown() })
    await expect(change).rejects.toBeInstanceOf(LostReply)
    expect(sent).toEqual(['/v1/items/batch', '/v1/items/batch', '/v1/waits'])
  })

  test('a call that is cut off is lost, and the service sees that its caller is gone', async () => {
    const { rpc, script } = await start()
    const cut = new AbortController()
    const call = rpc.call({
      method: 'POST',
      path: '/v1/waits',
      body: {},
      reply: z.unknown(),
      signal: cut.signal,
    })
    const lost = expect(call).rejects.toBeInstanceOf(LostReply)
    await eventually(() => expect(script.asked).toEqual(['wait']))
    cut.abort()
    await lost
    await eventually(() => expect(script.hungUp).toEqual(['wait']))
    const gone = rpc.call({
      method: 'POST',
      path: '/v1/waits',
      reply: z.unknown(),
      signal: AbortSignal.abort(),
    })
    await expect(gone).rejects.toBeInstanceOf(LostReply)
  })

  test('closing waits for the calls that run', async () => {
    const { gate, open } = closedGate()
    const { transport, script } = await start({ gate })
    let hasReply = false
    const how = { headers: { 'x-request-id': 'r' }, timeoutMs: 60_000, onNewConnection: false }
    const body = { requests: [{ name: 'a' }] }
    const call = transport.send({ method: 'POST', path: '/v1/items/batch', body, isBatch: true, ...how })
    void call.then(() => {
      hasReply = true
    })
    await eventually(() => expect(script.asked).toHaveLength(1))
    const closed = transport.close().then(() => hasReply)
    open()
    expect(await closed).toBe(true)
  })

  test('a service that drains is ready for its callers', async () => {
    const { app, rpc } = await start()
    startDraining(app)
    expect((await app.inject('/readyz')).statusCode).toBe(503)
    await rpc.ready()
  })

  test('a service that is closed is unavailable at once, and nothing was sent', async () => {
    const { app, batch, rpc } = await start()
    await app.close()
    const error = await batch({ name: 'a' }, 'r').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ problem: { code: 'unavailable' } })
    expect(error).not.toBeInstanceOf(LostReply)
    await expect(rpc.ready()).rejects.toThrow()
  })

  test('calls that run while a service closes are answered', async () => {
    const { gate, open } = closedGate()
    const { app, batch, script } = await start({ gate })
    const call = batch({ name: 'a' }, 'r')
    await eventually(() => expect(script.asked).toHaveLength(1))
    const closed = app.close()
    open()
    expect(await call).toEqual({ said: 'a' })
    await closed
  })

  describe('a stream', () => {
    const live = (transport: Transport, { quietMs = 60_000, signal = new AbortController().signal } = {}) =>
      transport.stream({ path: '/v1/live', headers: { 'x-request-id': 'r' }, signal, quietMs })

    test('comes as it is written, and the service sees when it is cut off', async () => {
      const { gate, open } = closedGate()
      const { transport, script } = await start({ gate })
      const cut = new AbortController()
      const chunks = (await live(transport, { signal: cut.signal }))[Symbol.asyncIterator]()
      expect(String((await chunks.next()).value)).toBe('one\n')
      open()
      expect(String((await chunks.next()).value)).toBe('two\n')
      const end = expect(chunks.next()).rejects.toThrow()
      cut.abort()
      await end
      await eventually(() => expect(script.hungUp).toEqual(['live']))
    })

    test('that nobody reads any more is cut off', async () => {
      const { transport, script } = await start()
      for await (const chunk of await live(transport)) if (String(chunk).includes('one')) break
      await eventually(() => expect(script.hungUp).toEqual(['live']))
    })

    test('that says nothing for long fails', async () => {
      const { gate } = closedGate()
      const { transport } = await start({ gate })
      const read = async () => {
        for await (const chunk of await live(transport, { quietMs: 100 })) expect(String(chunk)).toBe('one\n')
      }
      await expect(read()).rejects.toThrow()
    })

    test('that the service refuses fails', async () => {
      const { transport } = await start()
      const signal = new AbortController().signal
      const call = { path: '/v1/nothing', headers: { 'x-request-id': 'r' }, signal, quietMs: 60_000 }
      await expect(transport.stream(call)).rejects.toThrow('404')
    })
  })
})
