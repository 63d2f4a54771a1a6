import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { dumpRedis } from '../redis-dump.ts'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  mailer = await runMailer(redis.url, smtp.url)
})
beforeEach(() => {
  smtp.mails.length = 0
})
afterAll(async () => {
  await mailer?.close()
  await smtp?.stop()
  await redis?.stop()
})

const mail = {
  senderName: 'Peña & Söhne',
  senderAddress: 'hola@pena.example',
  replyTo: 'ayuda@pena.example',
  colour: '#ffd400',
  logoUrl: 'https://pena.example/logo.png?a=1&b="2"'.replaceAll('"', '%22'),
  linkTemplate: 'https://pena.example/verificar?lang=es&x=1#numero={number}',
}

test.each([
  ['en', 'is your verification code for'],
  ['es', 'es tu código de verificación para'],
  ['pt-BR', 'é o seu código de verificação para'],
  ['fr', 'est votre code de vérification pour'],
  ['de-AT', 'ist Ihr Bestätigungscode für'],
  [null, 'is your verification code for'],
])('a preview in %s says it all with a sample number', async (locale, subject) => {
  const reply = await mailer.post('/v1/previews', { tenantName: '<b>Peña</b>', mail, locale })
  const shown = reply.json()
  expect(shown.subject).toBe(`1234 5678 9012 ${subject} <b>Peña</b>`)
  expect(shown.html).toContain('href="https://pena.example/verificar?lang=es&amp;x=1#numero=123456789012"')
  expect(shown.html).toContain('src="https://pena.example/logo.png?a=1&amp;b=%222%22"')
  expect(shown.html).toMatch(/background-color:#ffd400[^>]*><a [^>]*color:#000000/)
  expect(shown.html).not.toMatch(/<b>|\{\{|\}\}/)
  expect(shown.text).toContain('\nhttps://pena.example/verificar?lang=es&x=1#numero=123456789012\r\n')
  expect(smtp.mails).toHaveLength(0)
})

test('the mail that goes out is the one that was shown, from the tenant, with its own number in the link', async () => {
  await mailer.send(aMessage({ mail, tenantName: 'Peña', locale: 'es', number: '998877665544' }))
  const [received] = smtp.mails
  expect(received?.from).toBe('hola@pena.example')
  const parsed = await PostalMime.parse(received?.raw ?? '')
  expect(parsed.from).toMatchObject({ name: 'Peña & Söhne', address: 'hola@pena.example' })
  expect(parsed.replyTo).toMatchObject([{ address: 'ayuda@pena.example' }])
  expect(parsed.messageId).toMatch(/^<[\w-]{32}\.[\w-]{12}\.demo@pena\.example>$/)
  expect(parsed.html).toContain('#numero=998877665544"')
  expect(parsed.text).toContain('#numero=998877665544')
  expect(parsed.html).toContain('9988 7766 5544')
  for (const line of (received?.raw ?? '').split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
})

test('however the encoding breaks its lines, the link is whole', async () => {
  for (let length = 1; length <= 90; length++) {
    const linkTemplate = `https://pena.example/?${'p'.repeat(length)}={number}&end=1`
    await mailer.send(aMessage({ mail: { linkTemplate }, number: '998877665544' }))
    const parsed = await PostalMime.parse(smtp.mails.at(-1)?.raw ?? '')
    expect(parsed.html).toContain(`${'p'.repeat(length)}=998877665544&amp;end=1"`)
    expect(parsed.text).toContain(`${'p'.repeat(length)}=998877665544&end=1`)
  }
})

test('a test mail is sent to the address, and the answer is that of the server', async () => {
  const body = { tenantId: 'demo', tenantName: 'Peña', mail, locale: 'de', email: 'ada@example.com' }
  expect((await mailer.post('/v1/previews/test', body)).json()).toMatchObject({ outcome: 'sent' })
  expect(smtp.mails).toMatchObject([{ to: ['ada@example.com'], from: 'hola@pena.example' }])
  const bad = await mailer.post('/v1/previews/test', { ...body, email: 'a@b\r\nBcc: c@d' })
  expect(bad.statusCode).toBe(400)
  const inside = { ...mail, smtpUrl: smtp.url }
  expect((await mailer.post('/v1/previews/test', { ...body, mail: inside })).json()).toEqual({
    outcome: 'deferred',
    reply: 'The SMTP server has no public address, and others are not allowed.',
  })
})

test('of one address and one tenant only so many test mails are sent', async () => {
  await mailer.redis.flushall()
  const ask = (email: string, tenantId = 'demo') =>
    mailer.post('/v1/previews/test', { tenantId, tenantName: 'Peña', locale: null, email })
  const statuses = async (calls: Promise<{ statusCode: number }>[]) =>
    (await Promise.all(calls)).map(({ statusCode }) => statusCode).sort()
  const six = await statuses(
    Array.from({ length: 6 }, (_, i) => ask(i % 2 ? 'ada@example.com' : 'ADA@example.com')),
  )
  expect(six).toEqual([200, 200, 200, 200, 200, 429])
  const limited = await ask('ada@example.com')
  expect(limited.json()).toMatchObject({ code: 'rate-limited', limit: 'email' })
  expect(limited.json().retryAfterSeconds).toSatisfy((seconds: number) => seconds > 500 && seconds <= 600)
  expect((await ask('ada@example.com', 'other')).statusCode).toBe(200)
  const many = await statuses(Array.from({ length: 30 }, (_, i) => ask(`user${i}@example.com`)))
  expect(many.filter((status) => status === 200)).toHaveLength(25)
  const { retryAfterSeconds } = (await ask('one-more@example.com')).json()
  expect(retryAfterSeconds).toSatisfy((seconds: number) => seconds > 3000 && seconds <= 3600)
  const kept = await mailer.redis.keys('ea:mail:{test:*')
  expect(kept.length).toBeGreaterThan(2)
  for (const key of kept) expect(await mailer.redis.pttl(key)).toBeGreaterThan(0)
  expect(await dumpRedis(mailer.redis)).not.toContain('example.com')
})

test("a tenant's own server in our networks is used where that is allowed, and no other one then", async () => {
  const shared = await startSmtp()
  const allowing = await runMailer(redis.url, shared.url, { allowPrivateSmtp: true })
  const own = { ...mail, smtpUrl: `${smtp.url}?starttls=none` }
  expect((await allowing.send(aMessage({ mail: own }))).json().state).toBe('sent')
  expect(smtp.mails).toHaveLength(1)
  expect(shared.connections()).toBe(0)
  await allowing.close()
  await shared.stop()
})

test.each([
  ['CR/LF in the sender', { senderName: 'a\r\nBcc: eve@example.com' }],
  ['turned direction', { senderName: 'a\u202eb' }],
  ['no name', { senderName: ' ' }],
  ['two addresses', { senderAddress: 'a@b.example, c@d.example' }],
  ['CR/LF in the address', { replyTo: 'a@b.example\r\nBcc: eve@example.com' }],
  ['a name for an address', { replyTo: 'Ada <a@b.example>' }],
  ['a colour in words', { colour: 'red' }],
  ['a style for a colour', { colour: '#fff;background:url(x)' }],
  ['a logo without TLS', { logoUrl: 'http://a.example/x.png' }],
  ['a logo as data', { logoUrl: 'data:image/png;base64,AAAA' }],
  ['a script for a link', { linkTemplate: 'javascript:alert({number})' }],
  ['a link without the number', { linkTemplate: 'https://a.example/?n=1' }],
  ['the number in the path', { linkTemplate: 'https://a.example/{number}?x=1' }],
  ['the number in the host', { linkTemplate: 'https://{number}.a.example/?x' }],
  ['the number twice', { linkTemplate: 'https://a.example/?n={number}#{number}' }],
  ['credentials in a link', { linkTemplate: 'https://u:p@a.example/?n={number}' }],
  ['a list of servers', { smtpUrl: 'smtp://a.example,smtp://b.example' }],
  ['another protocol', { smtpUrl: 'http://a.example' }],
  ['a server with a rate that is none', { smtpUrl: 'smtp://a.example?rate=fast' }],
  ['a password that cannot be read', { smtpUrl: 'smtp://u:%ff@a.example' }],
  ['a port beyond the last', { smtpUrl: 'smtp://a.example:99999' }],
  ['a header of the mail itself', { headers: [{ name: 'Bcc', value: 'eve@example.com' }] }],
  ['a line break in a header', { headers: [{ name: 'X-A', value: 'b\r\nBcc: eve@example.com' }] }],
  ['a huge URL', { logoUrl: `https://a.example/${'x'.repeat(2000)}` }],
])('%s is refused', async (_name, wrong) => {
  for (const path of ['/v1/previews', '/v1/previews/test']) {
    const body = { tenantId: 'x1', tenantName: 'x', mail: wrong, locale: null, email: 'ada@example.com' }
    expect((await mailer.post(path, body)).statusCode).toBe(400)
  }
  expect((await mailer.send(aMessage({ mail: wrong }))).statusCode).toBe(400)
  expect(smtp.mails).toHaveLength(0)
})

test('a number for the sign-in of an admin goes by the operator’s relay, even when its record names another', async () => {
  const thief = await startSmtp()
  const allowing = await runMailer(redis.url, smtp.url, { allowPrivateSmtp: true })
  try {
    const theirs = { ...mail, smtpUrl: thief.url }
    const sent = await allowing.send(aMessage({ tenantId: 'admin', tenantName: 'emailauth', mail: theirs }))
    expect(sent).toBeDefined()
    await allowing.post('/v1/previews/test', {
      tenantId: 'admin',
      tenantName: 'emailauth',
      email: 'ada@example.com',
      mail: theirs,
      locale: null,
    })
    expect(smtp.mails).toHaveLength(2)
    for (const { from, raw } of smtp.mails) {
      expect(from).not.toBe(mail.senderAddress)
      expect(raw).not.toContain('pena.example')
    }
    expect(thief.mails).toEqual([])
  } finally {
    await allowing.close()
    await thief.stop()
  }
})
