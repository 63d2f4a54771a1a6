import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, expect, test } from 'vitest'
import { createMailer } from './mailer-client.ts'
import { SLOW_CALLS_OF_A_TENANT, SLOW_CONNECTIONS } from './slow-calls.ts'

const hanging: ServerResponse[] = []
/** A mailer whose tests of webhooks wait for the receiver; all else is answered at once. */
const server = createServer((request, response) => {
  request.resume()
  if (request.url?.endsWith('/test')) hanging.push(response)
  else response.writeHead(204).end()
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

const webhookOf = (tenantId: string) => ({ id: `${tenantId}.wh_0000000000000000` }) as never

test('a tenant whose endpoints hang takes no connection of others, and only so many of all', async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const mailer = createMailer({ url, serviceToken: 'x', logger: { warn: () => {} } })
  const outcomes = Array.from({ length: 50 }, () =>
    mailer.testWebhook(webhookOf('hangs'), {} as never).catch((error: unknown) => error),
  )
  await eventually(() => expect(hanging).toHaveLength(SLOW_CALLS_OF_A_TENANT))
  const before = hanging.length
  await mailer.handOverWebhooks({ entries: [], deleted: [] })
  const another = mailer.testWebhook(webhookOf('works'), {} as never).catch(() => {})
  await eventually(() => expect(hanging).toHaveLength(before + 1))
  for (const response of hanging) response.writeHead(503).end()
  const problems = await Promise.all(outcomes)
  const refused = problems.filter((one) => String(one).includes('Many tests of this tenant still run'))
  expect(refused).toHaveLength(50 - SLOW_CALLS_OF_A_TENANT)
  expect(refused[0]).toMatchObject({ problem: { retryAfterSeconds: 3 } })
  await another
  // The mailer has room again.
  const again = mailer.testWebhook(webhookOf('hangs'), {} as never).catch(() => {})
  await eventually(() => expect(hanging).toHaveLength(before + 2))
  hanging.at(-1)?.writeHead(503).end()
  await again
  await mailer.close()
})

test('the bounds', () => {
  expect({ SLOW_CONNECTIONS, SLOW_CALLS_OF_A_TENANT }).toEqual({
    SLOW_CONNECTIONS: 40,
    SLOW_CALLS_OF_A_TENANT: 10,
  })
})
