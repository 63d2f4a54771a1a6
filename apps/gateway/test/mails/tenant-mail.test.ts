import { eventually } from '@emailauth/testing/eventually'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import {
  ADMIN_EMAIL,
  ask,
  freshAddress,
  numberMailedTo,
  REGISTER,
  RESEND,
  VERIFY,
  type World,
} from '../world.ts'
import { MAIL, PASSWORD, type TenantRelay, tenantRelayForTests } from './tenant-relay.ts'

let relay: TenantRelay
let world: World
let own: TestSmtp
tenantRelayForTests((started) => {
  relay = started
  ;({ world, own } = relay)
})
const update = (id: string, mail: object) => relay.update(id, mail)

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
  const changed = await update('other', { ...mail, smtpUrl: relay.smtpUrl })
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
  expect(relay.signedIn).toEqual([`planted-user ${PASSWORD}`])
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
    { input: { id: 'admin', settings: { mail: { senderName: 'The gate', smtpUrl: relay.smtpUrl } } } },
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
  await update('other', { smtpUrl: relay.smtpUrl })
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
  const input = { id: 'sealed', name: 'Sealed', settings: { mail: { smtpUrl: relay.smtpUrl } } }
  const key = world.otherKey
  const answers = [
    await ask(world.app, world.adminKey, create, { input }),
    await ask(world.app, world.adminKey, create, { input }),
    await update('other', { smtpUrl: relay.smtpUrl }),
    await update('other', { smtpUrl: `${relay.smtpUrl}&x=1` }),
    await update('other', { smtpUrl: [relay.smtpUrl] }),
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
