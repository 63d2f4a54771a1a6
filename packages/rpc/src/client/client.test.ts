import { expect, test, vi } from 'vitest'
import { createRpcClient } from './client.ts'

test('a service says within a second that it is ready, or it is not', async () => {
  const send = vi.fn(async () => ({ status: 200, headers: {}, body: undefined }))
  const transport = { send, stream: vi.fn(), close: async () => {} }
  await createRpcClient({ name: 'test', transport, timeoutMs: 60_000 }).ready()
  expect(send.mock.calls).toMatchObject([[{ path: '/readyz?exclude=draining', timeoutMs: 1000 }]])
  send.mockResolvedValueOnce({ status: 503, headers: {}, body: undefined })
  await expect(createRpcClient({ name: 'test', transport, timeoutMs: 1 }).ready()).rejects.toThrow('503')
})
