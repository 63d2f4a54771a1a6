import { expect, onTestFinished, test, vi } from 'vitest'
import { createSendTestMail } from './test-mail.ts'

test('a relay that hangs is given up after 8 s, before the gateway and the dashboard give up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const handOver = vi.fn(() => new Promise<never>(() => {}))
  const send = createSendTestMail({
    smtp: { handOver } as never,
    renderMail: async () => 'a mail',
    senderOf: () => ({ address: 'login@acme.example' }) as never,
    ownServer: () => undefined,
    now: Date.now,
  })
  const sent = vi.fn()
  void send({ tenantId: 'demo', email: 'ada@example.com', tenantName: 'Demo' } as never).then(sent)
  await vi.advanceTimersByTimeAsync(7999)
  expect([handOver.mock.calls.length, sent.mock.calls.length]).toEqual([1, 0])
  await vi.advanceTimersByTimeAsync(1)
  expect(sent).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ outcome: 'deferred' }))
  const [[mail]] = handOver.mock.calls as unknown as [[{ cutOff: { isCut: boolean } }]]
  expect(mail.cutOff.isCut).toBe(true)
})
