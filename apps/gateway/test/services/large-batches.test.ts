import { randomUUID } from 'node:crypto'
import { MAX_BODY_BYTES } from '@emailauth/contracts/body-limits'
import { clientNetwork, UNKNOWN_NETWORK } from '@emailauth/contracts/client-network'
import { CLIENT_IP_MAX_LENGTH, TOKEN_MAX_BYTES } from '@emailauth/contracts/common'
import { mailSettings } from '@emailauth/contracts/mail-settings'
import { messageRequest } from '@emailauth/contracts/messages'
import { registrationRequest } from '@emailauth/contracts/registrations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMailer } from '../../src/services/mailer/mailer-client.ts'
import { createPersistence } from '../../src/services/persistence/persistence-client.ts'
import { startWorld, type World } from '../world.ts'

// Calls of all tenants travel in one body. One that is too large fails all of them, and cuts off the stream.

let world: World
let options: { serviceToken: string; timeoutMs: number }
beforeAll(async () => {
  world = await startWorld()
  options = { serviceToken: world.env.EMAILAUTH_SERVICE_TOKEN, timeoutMs: 20_000 }
})
afterAll(() => world?.stop())

/** Each of these is six characters of JSON. */
const escaped = (length: number) => '\u0001'.repeat(length)
const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

test('the largest registrations that come at once fit into one body', async () => {
  const largest = () =>
    registrationRequest.parse({
      tenantId: 'demo',
      requestId: randomUUID(),
      idempotencyKey: randomUUID().padEnd(200, '"'),
      email: escaped(1280),
      token: escaped(TOKEN_MAX_BYTES),
      locale: 'x'.repeat(60_000),
      expiresInSeconds: 60,
      clientIp: escaped(60_000),
    })
  const persistence = createPersistence({ ...options, url: world.persistence.url })
  try {
    const calls = Array.from({ length: 120 }, largest)
    expect(sizeOf(calls)).toBeLessThan(MAX_BODY_BYTES)
    // Such an address is none.
    for (const answer of await Promise.all(calls.map(persistence.register)))
      expect(answer).toMatchObject({ problem: { code: 'bad-input', field: 'email' } })
  } finally {
    await persistence.close()
  }
})

test('an address of a client that is too long stays invalid when it is cut', () => {
  const address = '192.0.2.1'
  const cut = (length: number) => registrationRequest.shape.clientIp.parse(address.padEnd(length)) ?? ''
  expect(clientNetwork(cut(CLIENT_IP_MAX_LENGTH - 1))).toEqual({ network: address })
  for (const length of [CLIENT_IP_MAX_LENGTH, CLIENT_IP_MAX_LENGTH + 1, 60_000])
    expect(clientNetwork(cut(length))).toEqual({ network: UNKNOWN_NETWORK })
})

test('messages of tenants with the longest mail settings that come at once are all taken', async () => {
  const text = (length: number) => '漢'.repeat(length)
  const languages = ['en', 'es', 'pt', 'fr', 'de', 'it', 'nl', 'pl', 'cs', 'sv']
  const mail = mailSettings.parse({
    senderName: text(80),
    replyTo: 'help@example.com',
    logoUrl: 'https://example.com/'.padEnd(1000, '"'),
    linkTemplate: 'https://example.com/?number={number}&'.padEnd(1000, '"'),
    texts: languages.map((language) => ({
      language,
      subject: `{code}${text(144)}`,
      heading: text(150),
      intro: text(400),
      footer: text(400),
    })),
    headers: Array.from({ length: 4 }, (_, at) => ({ name: `X-${at}`, value: 'x'.repeat(900) })),
  })
  const message = (at: number) =>
    messageRequest.parse({
      messageId: `demo.${randomUUID()}`,
      identityId: `demo.${String(at).padStart(23, '0')}`,
      tenantId: 'demo',
      tenantName: text(80),
      email: `ada-${at}@example.com`,
      number: '123456789012',
      locale: 'en',
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      mail,
    })
  const mailer = createMailer({ ...options, url: world.mailer.url, logger: { warn: () => {} } })
  try {
    // The first ones go by request, before a stream is open.
    const sends = Array.from({ length: 100 }, (_, at) => mailer.send(message(at), randomUUID()))
    for (const result of await Promise.all(sends)) expect(result).toHaveProperty('message')
  } finally {
    await mailer.close()
  }
})
