import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { ask, type World } from '../world.ts'
import { type TenantRelay, tenantRelayForTests } from './tenant-relay.ts'

let relay: TenantRelay
let world: World
let own: TestSmtp
tenantRelayForTests((started) => {
  relay = started
  ;({ world, own } = relay)
})
const update = (id: string, mail: object) => relay.update(id, mail)

test('the relay is connected to before a mail is sent: what is saved, and what is only typed', async () => {
  const CHECK = `mutation ($input: CheckRelayInput!) {
    checkRelay(input: $input) { relays { host port level detail } } }`
  const check = async (more: object) =>
    ask(world.app, world.adminKey, CHECK, { input: { tenantId: 'other', ...more } })
  await update('other', { smtpUrl: relay.smtpUrl })
  const before = own.mails.length
  const { port } = own
  expect((await check({})).data.checkRelay.relays).toEqual([
    { host: '127.0.0.1', port, level: 'OK', detail: expect.stringContaining('credentials accepted') },
  ])
  own.script.auth = () => ({ code: 535, text: '5.7.8 planted-user is not known' })
  const refused = await check({})
  own.script.auth = () => undefined
  expect(refused.data.checkRelay.relays).toMatchObject([
    { level: 'FAIL', detail: expect.stringContaining('does not accept the credentials') },
  ])
  expect(refused.text).not.toMatch(/planted/)
  const typed = await check({ smtpUrl: 'smtp://127.0.0.1:1?starttls=none' })
  expect(typed.data.checkRelay.relays).toMatchObject([
    { port: 1, level: 'FAIL', detail: expect.stringContaining('cannot be reached') },
  ])
  const ofDemo = await check({ tenantId: 'demo' })
  expect(ofDemo.data.checkRelay.relays).toMatchObject([{ port: world.smtp.port, level: 'OK' }])
  expect((await check({ tenantId: 'nobody' })).data.checkRelay).toEqual({ relays: null })
  for (const wrong of [{ smtpUrl: 'https://x' }, { smtpUrl: 'smtp://h/p' }, { tenantId: 'A' }])
    expect((await check(wrong)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  expect(own.mails).toHaveLength(before)
})

test('a preview of what is not saved: changed, taken away, and as it is saved', async () => {
  const PREVIEW = `query ($unsaved: TenantMailInput) {
    mailPreview(tenantId: "other", locale: "en", unsaved: $unsaved) { subject html } }`
  const preview = async (unsaved?: object) =>
    ask(world.app, world.adminKey, PREVIEW, unsaved === undefined ? {} : { unsaved })
  await update('other', {
    colour: '#123456',
    texts: [{ language: 'en', heading: 'Saved heading' }],
    smtpUrl: relay.smtpUrl,
  })
  const saved = (await preview()).data.mailPreview
  expect(saved.html).toContain('Saved heading')
  const typed = (await preview({ texts: [{ language: 'en', heading: 'Typed heading' }] })).data.mailPreview
  expect(typed.html).toContain('Typed heading')
  expect(typed.html).toContain('#123456')
  const without = (await preview({ colour: null, texts: null, smtpUrl: relay.smtpUrl })).data.mailPreview
  expect(without.html).not.toMatch(/#123456|Saved heading/)
  expect((await preview()).data.mailPreview).toEqual(saved)
  const wrong = (await preview({ colour: 'red' })).errors?.[0]
  expect(wrong?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'colour' })
})

test('a preview and a test mail show the lifetime and the digits of the numbers of the tenant', async () => {
  const UPDATE = 'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { id } }'
  const change = (settings: object) =>
    ask(world.app, world.adminKey, UPDATE, { input: { id: 'other', settings } })
  const PREVIEW = '{ mailPreview(tenantId: "other", locale: "en") { subject text } }'
  const preview = async () => (await ask(world.app, world.adminKey, PREVIEW)).data.mailPreview
  const SEND = `mutation { sendTestMail(tenantId: "other", email: "sample@example.com", locale: "en") {
    ... on TestMail { outcome } } }`
  expect(await preview()).toMatchObject({
    subject: expect.stringMatching(/^1234 5678 9012 is/),
    text: expect.stringContaining('10 minutes'),
  })
  try {
    await change({ missBudgetPerHour: 10, acceptedRisk: 1e-5 })
    expect((await preview()).subject).toMatch(/^123 456 7890 is/)
    await change({ missBudgetPerHour: 100_000, acceptedRisk: 1e-9 })
    expect((await preview()).subject).toMatch(/^123 456 789 0123 4567 is/)
  } finally {
    await change({ missBudgetPerHour: 1000, acceptedRisk: 1e-6 })
  }
  await change({ ttlSeconds: 7200, verification: 'BOUND', boundDigits: 7, boundTries: 1 })
  try {
    expect(await preview()).toMatchObject({
      subject: expect.stringMatching(/^123 4567 is/),
      text: expect.stringContaining('2 hours'),
    })
    expect((await ask(world.app, world.adminKey, SEND)).data.sendTestMail).toEqual({ outcome: 'SENT' })
    expect(own.mails.at(-1)?.raw).toMatch(/123 4567[\s\S]*2 hours/)
  } finally {
    await change({ ttlSeconds: 600, verification: 'NUMBER' })
  }
})
