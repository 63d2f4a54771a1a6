import { randomBytes } from 'node:crypto'
import { shownSmtpServer, smtpUrlAdditionalData } from '@emailauth/contracts/mail-settings'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import { isSealedWithNewest, UnsealError, unseal } from '@emailauth/secrets/seal'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { openTestStore, type TestStore } from '../store.ts'

const serviceToken = 's'.repeat(32)
const headers = { authorization: `Bearer ${serviceToken}` }
const smtpUrl = 'smtps://planted-user:planted%20pass@mail.example.com:2465'
let it: TestStore
let app: FastifyInstance

beforeAll(async () => {
  it = await openTestStore('redis-server')
  app = await buildPersistence({ store: it.store, serviceToken })
})
afterAll(async () => {
  await app?.close()
  await it?.close()
})

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object) => {
  const body = payload === undefined ? {} : { payload }
  const reply = await app.inject({ method, url: `/v1/tenants${path}`, headers, ...body })
  return { status: reply.statusCode, text: reply.body, body: reply.json() }
}
const create = (id: string, mail: object = {}) => call('POST', '', { id, name: id, settings: { mail } })
const update = (id: string, mail: object) => call('PATCH', `/${id}`, { settings: { mail } })
const sender = (id: string) => call('GET', `/${id}/sender`)
/** Opens a tenant's URL like the mailer does. */
const opened = async (id: string, store = it.store, secrets = [it.secret]) => {
  const sealed = Buffer.from((await store.tenants.sender(id))?.mail?.sealedSmtpUrl ?? '', 'base64')
  const context = { purpose: 'smtp-url', additionalData: smtpUrlAdditionalData(id) } as const
  return unseal(deriveMailerRing(createKeyRing(secrets)), context, sealed)
}
const sealedOf = async (id: string) => JSON.parse((await it.redis.get(`ea:tenant:${id}`)) ?? '').sealedSmtpUrl

test('mail settings are merged one by one, and null takes one away', async () => {
  await create('merged', { senderName: 'Shop', colour: '#112233' })
  expect((await update('merged', { replyTo: 'help@shop.example', colour: null })).body.settings.mail).toEqual(
    {
      senderName: 'Shop',
      replyTo: 'help@shop.example',
    },
  )
  await call('PATCH', '/merged', { settings: { ttlSeconds: 90 } })
  expect((await sender('merged')).body).toEqual({
    tenantName: 'merged',
    mail: { senderName: 'Shop', replyTo: 'help@shop.example' },
  })
  await update('merged', { senderName: null, replyTo: null, logoUrl: null })
  expect((await sender('merged')).body).toEqual({ tenantName: 'merged' })
  expect((await call('GET', '/merged')).body.settings.mail).toEqual({})
})

test('headers for a provider are kept, handed to the mailer and replaced as a whole', async () => {
  const headers = [{ name: 'X-SES-CONFIGURATION-SET', value: 'codes' }]
  expect((await create('headed', { headers })).body.settings.mail).toEqual({ headers })
  expect((await sender('headed')).body.mail).toEqual({ headers })
  const others = [{ name: 'X-PM-Message-Stream', value: 'outbound' }]
  await update('headed', { headers: others })
  expect((await sender('headed')).body.mail).toEqual({ headers: others })
  const wrong = [{ name: 'X-A', value: 'b\r\nBcc: eve@example.com' }]
  const refused = await update('headed', { headers: wrong })
  expect([refused.status, refused.body.field]).toEqual([400, 'settings.mail.headers.0'])
  expect(refused.body.detail).toContain('X-…')
  expect((await update('headed', { headers: null })).body.settings.mail).toEqual({})
})

test('each change of the name and the settings, texts of mails too, is a version of its own; what changes nothing is none', async () => {
  const version = async (reply: Promise<{ body: { settings: { version: number } } }>) =>
    (await reply).body.settings.version
  expect(await version(create('versioned', { senderName: 'Shop' }))).toBe(1)
  const texts = [{ language: 'es', subject: '{code}: entra en {tenant}' }]
  expect(await version(update('versioned', { texts }))).toBe(2)
  expect(await version(update('versioned', { texts }))).toBe(2)
  expect(await version(call('PATCH', '/versioned', { name: 'Another name' }))).toBe(3)
  expect(await version(update('versioned', { texts: [{ ...texts[0], footer: 'Shop, Madrid' }] }))).toBe(4)
  expect(await version(update('versioned', { smtpUrl }))).toBe(5)
  expect(await version(call('PATCH', '/versioned', { settings: { ttlSeconds: 90 } }))).toBe(6)
  expect(await version(update('versioned', { texts: null }))).toBe(7)
  const refused = await update('versioned', { texts: [{ language: 'es', subject: '{number}' }] })
  expect([refused.status, await version(call('GET', '/versioned'))]).toEqual([400, 7])
})

test('of changes at once none is lost', async () => {
  await create('busy')
  const changes = [{ senderName: 'B' }, { colour: '#000000' }, { smtpUrl }, { replyTo: 'a@b.example' }]
  await Promise.all(changes.map((mail) => update('busy', mail)))
  const { smtpUrl: _, ...shown } = Object.assign({}, ...changes)
  expect(await opened('busy')).toBe(smtpUrl)
  expect((await sender('busy')).body.mail).toEqual({ ...shown, sealedSmtpUrl: await sealedOf('busy') })
})

test('the SMTP URL leaves by one route only, and lies sealed', async () => {
  const made = await create('own', { smtpUrl })
  expect(made.body.settings.mail).toEqual({ smtpServer: 'smtps://mail.example.com:2465' })
  const shown = [
    made,
    await update('own', { senderName: 'x' }),
    await call('GET', '/own'),
    await call('GET', ''),
    await create('own', { smtpUrl }),
    await update('own', { smtpUrl: `${smtpUrl}?starttls=nonsense` }),
  ]
  for (const { text } of shown) expect(text).not.toContain('planted')
  expect((await sender('own')).body.mail).toEqual({ sealedSmtpUrl: await sealedOf('own'), senderName: 'x' })
  expect(await opened('own')).toBe(smtpUrl)
  const dump = await Promise.all((await it.redis.keys('*')).map((key) => it.redis.dumpBuffer(key)))
  for (const part of dump) expect(String(part)).not.toContain('planted')
  await update('own', { smtpUrl: null })
  expect((await sender('own')).body.mail).toEqual({ senderName: 'x' })
  expect(await sealedOf('own')).toBeUndefined()
})

test('a sealed URL opens for its own tenant alone', async () => {
  await create('owner', { smtpUrl })
  await create('thief', { smtpUrl: 'smtp://mail.example.net' })
  const record = JSON.parse((await it.redis.get('ea:tenant:thief')) ?? '')
  await it.redis.set('ea:tenant:thief', JSON.stringify({ ...record, sealedSmtpUrl: await sealedOf('owner') }))
  await expect(opened('thief')).rejects.toThrow(UnsealError)
  expect((await sender('thief')).text).not.toContain('planted')
  // The main ring does not open it either, because it was sealed for the mailer.
  const context = { purpose: 'smtp-url', additionalData: smtpUrlAdditionalData('owner') } as const
  const sealed = Buffer.from(await sealedOf('owner'), 'base64')
  expect(() => unseal(createKeyRing([it.secret]), context, sealed)).toThrow(UnsealError)
})

test.each(['smtp://127.0.0.1', 'smtp://localhost:25', 'smtps://u:planted@[::1]', 'smtp://10.0.0.7:2525'])(
  '%s is refused, unless the system allows servers in its own networks',
  async (inside) => {
    await create('inside')
    const { status, body, text } = await update('inside', { smtpUrl: inside })
    expect([status, body.code, body.field]).toEqual([400, 'bad-input', 'settings.mail.smtpUrl'])
    expect(text).not.toContain('planted')
    const allowing = await openStore({
      redis: it.redis,
      ring: createKeyRing([it.secret]),
      allowPrivateSmtp: true,
    })
    const outcome = await allowing.tenants.update('inside', { settings: { mail: { smtpUrl: inside } } })
    expect('tenant' in outcome).toBe(true)
  },
)

test.each([
  [{ smtpUrl: 'http://mail.example.com' }, 'settings.mail.smtpUrl'],
  [{ senderName: 'a\r\nBcc: eve@example.com' }, 'settings.mail.senderName'],
  [{ linkTemplate: 'https://a.example/{number}' }, 'settings.mail.linkTemplate'],
  [{ colour: 7 }, 'settings.mail.colour'],
])('%j is bad input', async (mail, field) => {
  await create('strict')
  expect((await update('strict', mail)).body).toMatchObject({ code: 'bad-input', field })
})

test('a change of it stands in the log without its password', async () => {
  await create('audited')
  await update('audited', { smtpUrl })
  const { events } = await it.store.events.page({ tenantId: 'audited', audit: true, first: 10 })
  expect(events.map(({ type }) => type)).toEqual(['tenant.mail-changed', 'tenant.updated', 'tenant.created'])
  expect(events[1]?.changes).toEqual([
    { field: 'settings.mail.smtpServer', before: null, after: shownSmtpServer(smtpUrl) },
    { field: 'settings.version', before: '1', after: '2' },
  ])
  expect(JSON.stringify(events)).not.toContain(new URL(smtpUrl).password)
})

describe('rotation', () => {
  const [old, next, other] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const
  const open = (...secrets: Buffer[]): Promise<Store> =>
    openStore({ redis: it.redis, ring: createKeyRing(secrets), now: () => it.clock.ms })
  const setUp = async (id: string) => {
    await it.redis.flushall()
    const store = await open(old)
    await store.tenants.create({ id, name: id, settings: { mail: { smtpUrl } } })
  }

  test('a start with a new key moves the URLs on to it, and then the old key can go', async () => {
    await setUp('turning')
    const added = await open(old, next)
    expect(await opened('turning', added, [old, next])).toBe(smtpUrl)
    const turned = await open(next, old)
    const ring = deriveMailerRing(createKeyRing([next]))
    expect(isSealedWithNewest(ring, Buffer.from(await sealedOf('turning'), 'base64'))).toBe(true)
    // A service with the old environment writes again.
    await added.tenants.update('turning', { settings: { mail: { smtpUrl: 'smtp://new.example.com' } } })
    await turned.smtpUrls.reseal()
    it.clock.ms += 26 * 3_600_000
    const alone = await open(next)
    expect(await opened('turning', alone, [next])).toBe('smtp://new.example.com')
    expect(await diagnose(alone)).not.toContainEqual(expect.objectContaining({ code: 'mail-unreadable' }))
  })

  test('a key that is removed too early is a finding that names the tenant; setting the URL again fixes it', async () => {
    await setUp('hasty')
    await it.redis.hdel('ea:meta', 'partitionKey')
    const lost = await open(other)
    await expect(opened('hasty', lost, [other])).rejects.toThrow('not in the ring')
    expect((await lost.tenants.get('hasty'))?.settings.mail.smtpServer).toBe('smtps://mail.example.com:2465')
    const findings = await diagnose(lost)
    expect(findings).toContainEqual(expect.objectContaining({ code: 'mail-unreadable', level: 'fail' }))
    expect(JSON.stringify(findings)).not.toContain('planted')
    await lost.tenants.update('hasty', { settings: { mail: { smtpUrl } } })
    expect(await opened('hasty', lost, [other])).toBe(smtpUrl)
    expect(await lost.smtpUrls.unreadable()).toEqual([])
  })
})

test('a server on the Internet without TLS needs the permission of the operator', async () => {
  const plain = ['smtp://8.8.8.8?starttls=none', 'smtp://mail.example.com?starttls=offered']
  const own = ['smtp://mail.example.com', 'smtp://mail.example.com?starttls=required', smtpUrl]
  for (const [at, url] of plain.entries()) {
    const { status, body } = await create(`plain-${at}`, { smtpUrl: url })
    expect([status, body.field]).toEqual([400, 'settings.mail.smtpUrl'])
  }
  for (const [at, url] of own.entries())
    expect((await create(`secure-${at}`, { smtpUrl: url })).status).toBe(201)
  const allowed = await openTestStore('redis-server', { allowPlaintextSmtp: true })
  for (const [at, smtpUrl] of plain.entries()) {
    const created = await allowed.store.tenants.create({
      id: `plain-${at}`,
      name: 'x',
      settings: { mail: { smtpUrl } },
    })
    expect(created).toMatchObject({ tenant: { settings: { mail: { smtpServer: smtpUrl } } } })
  }
  await allowed.close()
})
