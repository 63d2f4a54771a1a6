import { eventually } from '@emailauth/testing/eventually'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { createMemoryTransport } from './transport.ts'

test('64 requests run at a time, and what comes beyond waits for one of them', async () => {
  const app = Fastify()
  const waiting: (() => void)[] = []
  let most = 0
  let running = 0
  app.get('/', async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((answer) => waiting.push(answer))
    running -= 1
    return {}
  })
  await app.ready()
  onTestFinished(() => app.close())
  const transport = createMemoryTransport({ name: 'test', app, serviceToken: 't' })
  const call = { method: 'GET', path: '/', headers: { 'x-request-id': 'r' }, isBatch: false } as const
  const calls = Array.from({ length: 80 }, () =>
    transport.send({ ...call, timeoutMs: 600_000, onNewConnection: false }),
  )
  let answered = 0
  while (answered < 80) {
    await eventually(() => expect(waiting.length).toBeGreaterThan(0))
    for (const answer of waiting.splice(0)) {
      answer()
      answered += 1
    }
  }
  await Promise.all(calls)
  expect(most).toBe(64)
})
