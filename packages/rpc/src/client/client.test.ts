import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { createRpcClient } from './client.ts'
import { type ExchangeReply, LostReply } from './transport.ts'

/** The reply of a service that is ready. */
const READY = { status: 200, headers: {}, body: { status: 'ok', checks: { redis: 'ok' } } }

test('a service says within a second that it is ready, or it is not', async () => {
  const send = vi.fn(async (): Promise<ExchangeReply> => READY)
  const transport = { send, stream: vi.fn(), close: async () => {} }
  await createRpcClient({ name: 'test', transport, timeoutMs: 60_000 }).ready()
  expect(send.mock.calls).toMatchObject([[{ path: '/readyz?exclude=draining', timeoutMs: 1000 }]])
  send.mockResolvedValueOnce({ status: 503, headers: {}, body: undefined })
  await expect(createRpcClient({ name: 'test', transport, timeoutMs: 1 }).ready()).rejects.toThrow('503')
  expect(send).toHaveBeenCalledTimes(2)
  send.mockResolvedValueOnce({ status: 401, headers: {}, body: undefined })
  await expect(createRpcClient({ name: 'test', transport, timeoutMs: 1 }).ready()).rejects.toThrow(
    'test does not accept our EMAILAUTH_SERVICE_TOKEN',
  )
  send.mockResolvedValueOnce({ status: 200, headers: {}, body: { hello: 'world' } })
  await expect(createRpcClient({ name: 'test', transport, timeoutMs: 1 }).ready()).rejects.toThrow(
    'what answers at the URL of test is no service of emailauth',
  )
})

test('a lost reply does not say that a service is not ready: it is asked once more, on a new connection, within 1.8 s', async () => {
  const send = vi.fn<(attempt: { timeoutMs: number }) => Promise<typeof READY>>(async () => READY)
  const transport = { send, stream: vi.fn(), close: async () => {} }
  const { ready: check } = createRpcClient({ name: 'test', transport, timeoutMs: 60_000 })
  send.mockRejectedValueOnce(new LostReply('unavailable', 'timed out'))
  await check()
  expect(send.mock.calls).toMatchObject([[{ onNewConnection: false }], [{ onNewConnection: true }]])

  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  send.mockReset()
  send.mockImplementation(
    ({ timeoutMs }) =>
      new Promise((_, reject) =>
        setTimeout(() => reject(new LostReply('unavailable', 'timed out')), timeoutMs),
      ),
  )
  const failed = expect(check()).rejects.toThrow('timed out')
  await vi.advanceTimersByTimeAsync(1000)
  expect(send.mock.calls.map(([{ timeoutMs }]) => timeoutMs)).toEqual([1000, 800])
  await vi.advanceTimersByTimeAsync(800)
  await failed
  expect(send).toHaveBeenCalledTimes(2)
})

test('a call names its actor, and the session that an admin asks in', async () => {
  const send = vi.fn(async () => ({ status: 204, headers: {}, body: undefined }))
  const client = createRpcClient({
    ...{ name: 'test', timeoutMs: 1000 },
    transport: { send, stream: vi.fn(), close: async () => {} },
  })
  const reply = z.undefined()
  for (const actor of [
    { kind: 'admin', id: 'ada b@example.com', sessionId: '0123456789abcdef' },
    { kind: 'api-key', id: '0123456789ab' },
    undefined,
  ] as const)
    await client.call({ method: 'DELETE', path: '/v1/things/1', reply, actor })
  expect(send.mock.calls).toMatchObject([
    [{ headers: { 'x-emailauth-actor': 'admin ada%20b%40example.com 0123456789abcdef' } }],
    [{ headers: { 'x-emailauth-actor': 'api-key 0123456789ab' } }],
    [{ headers: expect.not.objectContaining({ 'x-emailauth-actor': expect.anything() }) }],
  ])
})

test('both attempts of a call end within twice the time-out of one, also when the first overran it', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const timeouts: number[] = []
  const send = async ({ timeoutMs }: { readonly timeoutMs: number }) => {
    timeouts.push(timeoutMs)
    vi.advanceTimersByTime(1600)
    throw new LostReply('unavailable', 'timed out')
  }
  const transport = { send, stream: vi.fn(), close: async () => {} }
  const client = createRpcClient({ name: 'test', transport, timeoutMs: 1000 })
  const lost = client.call({ method: 'GET', path: '/v1/things', reply: z.undefined() })
  await expect(lost).rejects.toThrow('timed out')
  expect(timeouts).toEqual([1000, 400])
})
