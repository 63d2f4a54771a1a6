import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, RESEND, type World } from '../world.ts'
import { type TenantRelay, tenantRelayForTests, UPDATE } from './tenant-relay.ts'

let relay: TenantRelay
let world: World
let own: TestSmtp
tenantRelayForTests((started) => {
  relay = started
  ;({ world, own } = relay)
})
const update = (id: string, mail: object) => relay.update(id, mail)

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

test.each([
  'en_US',
  'fr-FR@euro',
  'de_DE.UTF-8@euro',
  'zh-Hant-TW',
  'C',
  'POSIX',
  'x-klingon',
  '',
  'ñ',
  '😀',
  'x'.repeat(5000),
  'de,en;q=0.5',
  'pt-BR,pt;q=0.9,*;q=0.1',
  '\u0000',
])('locale %j refuses no call', async (locale) => {
  const email = freshAddress()
  const { data } = await ask(world.app, world.otherKey, REGISTER, { input: { email, token: 't', locale } })
  expect(data.register).toMatchObject({ __typename: 'Registered' })
})

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

  await update('other', { smtpUrl: relay.smtpUrl })
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

  // A mail that is sent again takes its language from the current setting, not from the registration.
  const { raw, id } = await subjectIn('tlh')
  await speak('fr')
  expect((await ask(world.app, world.otherKey, RESEND, { id })).data.resend.__typename).toBe('Registered')
  expect(raw().map(language)).toEqual(['es', 'fr'])

  await speak('tlh')
  expect(language((await subjectIn()).raw()[0])).toBe('en')
  await speak('en')
})
