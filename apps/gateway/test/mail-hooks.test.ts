import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({}, {}, { EMAILAUTH_MAILGUN_SIGNING_KEY: 'key-0123456789abcdef' })
})
afterAll(() => world?.stop())

const post = (provider: string, payload: string | Buffer) =>
  world.app.inject({
    method: 'POST',
    url: `/hooks/mail/${provider}`,
    payload,
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
  })

test('a provider reaches the mailer through the gateway, without any key of ours', async () => {
  // Understood, and not believed.
  const unsigned = JSON.stringify({
    signature: { timestamp: '1', token: 't', signature: '0'.repeat(64) },
    'event-data': { event: 'failed' },
  })
  const refused = await post('mailgun', unsigned)
  expect([refused.statusCode, refused.json().code]).toEqual([401, 'unauthenticated'])
  expect((await post('mailgun', '{')).statusCode).toBe(400)
  expect((await post('mailgun', '')).statusCode).toBe(400)
  expect((await post('sendgrid', '[]')).statusCode).toBe(404)
  expect((await post('nobody', '[]')).statusCode).toBe(404)
  expect((await post('mailgun', Buffer.alloc(1024 * 1024 + 1, 'a'))).statusCode).toBe(413)
})
