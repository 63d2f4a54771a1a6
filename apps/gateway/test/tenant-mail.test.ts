import { eventually } from '@emailauth/testing/eventually'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ADMIN_EMAIL,
  ask,
  freshAddress,
  numberMailedTo,
  REGISTER,
  RESEND,
  startWorld,
  VERIFY,
  type World,
} from './world.ts'

const PASSWORD = 'planted-password'
let world: World
let own: TestSmtp
let smtpUrl: string
const signedIn: string[] = []
beforeAll(async () => {
  world = await startWorld({}, {}, { EMAILAUTH_ALLOW_PRIVATE_SMTP: 'true' })
  own = await startSmtp(
    { auth: (user, password) => void signedIn.push(`${user} ${password}`) },
    { disabledCommands: ['STARTTLS'], allowInsecureAuth: true, authOptional: false },
  )
  smtpUrl = `smtp://planted-user:${PASSWORD}@127.0.0.1:${own.port}?starttls=none`
})
afterAll(async () => {
  await world?.stop()
  await own?.stop()
})

const MAIL =
  'mail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject headers { name value } texts { language subject heading intro footer } }'
const UPDATE = `mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { settings { ${MAIL} } } }`
const update = (id: string, mail: object) =>
  ask(world.app, world.adminKey, UPDATE, { input: { id, settings: { mail, mailsPerAddress: MANY } } })
const MANY = [{ max: 100, windowSeconds: 1 }]
const empty = {
  senderName: null,
  senderAddress: null,
  replyTo: null,
  colour: null,
  logoUrl: null,
  linkTemplate: null,
  smtpServer: null,
  codeInSubject: null,
  headers: null,
  texts: null,
}

test("a tenant's mails come from it, by its own server, first and again", async () => {
  const mail = { senderName: 'Other Shop', senderAddress: 'hi@other.example', replyTo: 'help@other.example' }
  const changed = await update('other', { ...mail, smtpUrl })
  expect(changed.data.updateTenant.settings.mail).toEqual({
    ...empty,
    ...mail,
    smtpServer: `smtp://127.0.0.1:${own.port}?starttls=none`,
  })
  const email = freshAddress()
  const { data } = await ask(world.app, world.otherKey, REGISTER, { input: { email, token: 't' } })
  expect(data.register).toMatchObject({ __typename: 'Registered', delivery: 'SENT' })
  expect(own.mails).toMatchObject([{ from: 'hi@other.example', to: [email] }])
  expect(own.mails[0]?.raw).toMatch(/^From: "?Other Shop"? <hi@other\.example>\r$/m)
  expect(own.mails[0]?.raw).toMatch(/^Reply-To: <?help@other\.example>?\r$/m)
  expect(signedIn).toEqual([`planted-user ${PASSWORD}`])
  const again = await ask(world.app, world.otherKey, RESEND, { id: data.register.identityId })
  expect(again.data.resend).toMatchObject({ __typename: 'Registered' })
  expect(own.mails).toHaveLength(2)
  expect(world.smtp.mails).toHaveLength(0)
  const verified = await ask(world.app, world.otherKey, VERIFY, {
    input: { number: numberMailedTo(own.mails, email) },
  })
  expect(verified.data.verify.token).toBe('t')
})

test("headers for a tenant's provider are checked, kept, shown and mailed", async () => {
  const headers = [{ name: 'X-PM-Message-Stream', value: 'codes' }]
  const changed = await update('other', { headers })
  expect(changed.data.updateTenant.settings.mail.headers).toEqual(headers)
  const email = freshAddress()
  await ask(world.app, world.otherKey, REGISTER, { input: { email, token: 't' } })
  const mail = own.mails.find(({ to }) => to.includes(email))
  expect(mail?.raw).toMatch(/^X-PM-Message-Stream: codes\r$/im)
  for (const [name, value] of [
    ['Bcc', 'eve@example.com'],
    ['X-A', 'a\r\nBcc: eve@example.com'],
  ]) {
    const { errors } = await update('other', { headers: [{ name, value }] })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
  }
  expect((await update('other', { headers: null })).data.updateTenant.settings.mail.headers).toBeNull()
})

test("a tenant's own texts are checked, kept, shown and mailed; the language is found however it is named", async () => {
  const texts = [{ language: 'es', subject: '{code}: entra en {tenant}', heading: 'Hola <b>' }]
  const changed = await update('other', { texts, codeInSubject: true })
  expect(changed.data.updateTenant.settings.mail).toMatchObject({
    codeInSubject: true,
    texts: [{ ...texts[0], intro: null, footer: null }],
  })
  const preview = await ask(
    world.app,
    world.adminKey,
    'query ($id: ID!) { mailPreview(tenantId: $id, locale: "es_MX.UTF-8") { subject html } }',
    { id: 'other' },
  )
  expect(preview.data.mailPreview.subject).toMatch(/^1234 5678 9012: entra en /)
  expect(preview.data.mailPreview.html).toContain('Hola &lt;b&gt;')
  for (const wrong of [
    { language: 'es', heading: '{number}' },
    { language: 'es', footer: '{code}' },
    { language: 'es', intro: 'a\nb' },
    { language: 'es', subject: '=?UTF-8?Q?x?=' },
    { language: 'es es', subject: 'x' },
    { language: 'es', heading: 'x'.repeat(151) },
  ]) {
    const { errors } = await ask(world.app, world.adminKey, UPDATE, {
      input: { id: 'other', settings: { mail: { texts: [wrong] } } },
    })
    expect(errors?.[0]?.extensions?.code, JSON.stringify(wrong)).toBe('BAD_USER_INPUT')
  }
  expect(
    (await update('other', { texts: null, codeInSubject: null })).data.updateTenant.settings.mail,
  ).toMatchObject({
    texts: null,
    codeInSubject: null,
  })
})

test.each(['en_US', 'fr-FR@euro', 'zh-Hant-TW', 'C', '', '😀', 'x'.repeat(5000), 'de,en;q=0.5', '\u0000'])(
  'locale %j refuses no call',
  async (locale) => {
    const email = freshAddress()
    const { data } = await ask(world.app, world.otherKey, REGISTER, { input: { email, token: 't', locale } })
    expect(data.register).toMatchObject({ __typename: 'Registered' })
  },
)

test("without a known locale of its own a mail is in the tenant's language, and in English where that is none", async () => {
  const SETTINGS = 'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { id } }'
  const speak = (locale: string) =>
    ask(world.app, world.adminKey, SETTINGS, { input: { id: 'other', settings: { locale } } })
  const subjectIn = async (locale?: string) => {
    const email = freshAddress()
    const { data } = await ask(world.app, world.otherKey, REGISTER, { input: { email, token: 't', locale } })
    const raw = () => own.mails.filter(({ to }) => to.includes(email)).map((mail) => mail.raw)
    return { raw, id: data.register.identityId }
  }
  const language = (raw: string | undefined) => /^Content-Language: (.*)\r$/m.exec(raw ?? '')?.[1]

  await speak('es-MX')
  for (const [locale, expected] of [
    [undefined, 'es'],
    ['', 'es'],
    ['tlh', 'es'],
    ['tlh,x-klingon;q=0.5', 'es'],
    ['x'.repeat(5000), 'es'],
    ['de-AT', 'de'],
    ['en', 'en'],
  ] as const) {
    const { raw } = await subjectIn(locale)
    expect(language(raw()[0]), String(locale).slice(0, 20)).toBe(expected)
  }
  const preview = '{ mailPreview(tenantId: "other") { subject } }'
  expect((await ask(world.app, world.adminKey, preview)).data.mailPreview.subject).toContain('código')

  // Not the registration but the setting as it is now says the language of a mail that is sent again.
  const { raw, id } = await subjectIn('tlh')
  await speak('fr')
  expect((await ask(world.app, world.otherKey, RESEND, { id })).data.resend.__typename).toBe('Registered')
  expect(raw().map(language)).toEqual(['es', 'fr'])

  await speak('tlh')
  expect(language((await subjectIn()).raw()[0])).toBe('en')
  await speak('en')
})

test('null takes a setting away, and what is left out stays', async () => {
  const { data } = await update('other', { smtpUrl: null, senderName: null, colour: '#aabbcc' })
  expect(data.updateTenant.settings.mail).toEqual({
    ...empty,
    senderAddress: 'hi@other.example',
    replyTo: 'help@other.example',
    colour: '#aabbcc',
  })
  const email = freshAddress()
  await ask(world.app, world.otherKey, REGISTER, { input: { email, token: 't' } })
  expect(world.smtp.mails.at(-1)).toMatchObject({ from: 'hi@other.example', to: [email] })
})

test('the mails by which admins sign in go by the operator’s relay alone, whatever an admin key asks for', async () => {
  const since = world.smtp.mails.length
  const taken = own.mails.length
  const refused = await ask(
    world.app,
    world.adminKey,
    'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { id } }',
    { input: { id: 'admin', settings: { mail: { senderName: 'The gate', smtpUrl } } } },
  )
  expect(refused.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: 'id' } })
  expect(refused.errors?.[0]?.message).toContain('EMAILAUTH_SMTP_URL')
  for (const change of ['disableTenant', 'enableTenant'])
    expect(
      (await ask(world.app, world.adminKey, `mutation { ${change}(id: "admin") { id } }`)).errors?.[0],
    ).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  const removed = await ask(world.app, world.adminKey, 'mutation { deleteTenant(id: "admin") }')
  expect(removed.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  const audit = await ask(world.app, world.adminKey, '{ events(tenantId: "admin") { nodes { type } } }')
  expect(audit.data.events.nodes).toEqual([])

  const request = 'mutation ($email: String!) { requestSignIn(email: $email) }'
  await ask(world.app, undefined, request, { email: ADMIN_EMAIL })
  await eventually(() => expect(world.smtp.mails.length).toBe(since + 1))
  expect(world.smtp.mails.at(-1)?.raw).not.toContain('The gate')
  expect(own.mails).toHaveLength(taken)
})

test('the audit log names who changed a tenant’s mail settings', async () => {
  await update('other', { smtpUrl })
  await ask(
    world.app,
    world.adminKey,
    'mutation { updateTenant(input: { id: "other", name: "Other" }) { id } }',
  )
  const { data } = await ask(
    world.app,
    world.adminKey,
    '{ events(tenantId: "other", first: 2, types: [TENANT_UPDATED, TENANT_MAIL_CHANGED]) { nodes { type actor { kind id } } } }',
  )
  const actor = { kind: 'API_KEY', id: world.adminKey.split('_')[1] }
  expect(data.events.nodes).toEqual([
    { type: 'TENANT_UPDATED', actor },
    { type: 'TENANT_MAIL_CHANGED', actor },
  ])
})

test('neither user nor password is in any answer or log', async () => {
  const create = `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { settings { ${MAIL} } } }`
  const input = { id: 'sealed', name: 'Sealed', settings: { mail: { smtpUrl } } }
  const key = world.otherKey
  const answers = [
    await ask(world.app, world.adminKey, create, { input }),
    await ask(world.app, world.adminKey, create, { input }),
    await update('other', { smtpUrl }),
    await update('other', { smtpUrl: `${smtpUrl}&x=1` }),
    await update('other', { smtpUrl: [smtpUrl] }),
    await ask(world.app, world.adminKey, `{ tenants { settings { ${MAIL} } } }`),
    await ask(world.app, world.adminKey, `{ tenant(id: "other") { settings { mail { smtpUrl } } } }`),
    await ask(world.app, key, `{ tenant(id: "other") { settings { ${MAIL} } } }`),
    await ask(world.app, world.adminKey, '{ events(tenantId: "other") { nodes { type target } } }'),
    await ask(world.app, key, REGISTER, { input: { email: freshAddress(), token: 't' } }),
  ]
  for (const { text } of answers) expect(text).not.toMatch(/planted/)
  expect(answers[3]?.errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'settings.mail.smtpUrl',
  })
  const logs = [...world.log, world.persistence.output(), world.mailer.output()].join('\n')
  expect(logs).not.toMatch(/planted/)
})

test('the relay is connected to before a mail is sent: what is saved, and what is only typed', async () => {
  const CHECK = `mutation ($input: CheckRelayInput!) {
    checkRelay(input: $input) { relays { host port level detail } } }`
  const check = async (more: object) =>
    ask(world.app, world.adminKey, CHECK, { input: { tenantId: 'other', ...more } })
  await update('other', { smtpUrl })
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
  await update('other', { colour: '#123456', texts: [{ language: 'en', heading: 'Saved heading' }], smtpUrl })
  const saved = (await preview()).data.mailPreview
  expect(saved.html).toContain('Saved heading')
  const typed = (await preview({ texts: [{ language: 'en', heading: 'Typed heading' }] })).data.mailPreview
  expect(typed.html).toContain('Typed heading')
  expect(typed.html).toContain('#123456')
  const without = (await preview({ colour: null, texts: null, smtpUrl })).data.mailPreview
  expect(without.html).not.toMatch(/#123456|Saved heading/)
  expect((await preview()).data.mailPreview).toEqual(saved)
  const wrong = (await preview({ colour: 'red' })).errors?.[0]
  expect(wrong?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'colour' })
})
