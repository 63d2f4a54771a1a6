import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { skipPauses } from '@emailauth/testing/pauses'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readiness, waitUntilReady } from './ready.ts'

let server: Server
let url: string
let answers: [status: number, body: string][]
let asked: number
beforeEach(async () => {
  asked = 0
  server = createServer((_request, response) => {
    const [status, body] = answers[Math.min(asked++, answers.length - 1)] ?? [500, '']
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const never = new AbortController().signal

test('it polls until the service is ready', async () => {
  answers = [
    [503, '{}'],
    [503, 'no JSON'],
    [200, '{"status":"ok"}'],
  ]
  await waitUntilReady('gateway', url, never)
  expect(asked).toBe(3)
})

test('after the time-out it names what is missing', async () => {
  answers = [[503, '{"checks":{"redis":"unavailable","mailer":"ok"}}']]
  await expect(waitUntilReady('gateway', url, never, { withinMs: 100 })).rejects.toThrow(
    'The gateway was not ready within 0.1 s: waiting for redis.',
  )
})

test('a service has a minute to be ready', async () => {
  const beganAt = Date.now()
  skipPauses({ leastMs: 5000 })
  answers = [[503, '{}']]
  await expect(waitUntilReady('gateway', url, never)).rejects.toThrow('not ready within 60 s: status 503.')
  expect(Date.now() - beganAt).toBeLessThan(70_000)
})

test('a gateway without the mailer is ready, and says what is missing', async () => {
  answers = [[200, '{"status":"ok","checks":{"persistence":"ok","mailer":"unavailable"}}']]
  await waitUntilReady('gateway', url, never)
  expect(await readiness(url)).toEqual({
    isReady: true,
    missing: ['mailer'],
    checks: ['persistence', 'mailer'],
    state: 'ready without mailer',
  })
})

test('a service that does not listen at all is reported too', async () => {
  answers = []
  await expect(waitUntilReady('mailer', 'http://127.0.0.1:1', never, { withinMs: 50 })).rejects.toThrow(
    'it does not answer',
  )
})

test('an interruption ends the waiting with its own reason', async () => {
  answers = [[503, '{}']]
  const end = new AbortController()
  const waiting = waitUntilReady('gateway', url, end.signal)
  end.abort(new Error('interrupted'))
  await expect(waiting).rejects.toThrow('interrupted')
})
