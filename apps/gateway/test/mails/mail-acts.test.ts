import { parseApiKey } from '@emailauth/secrets/api-key'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_EMAIL, ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const admin = (document: string, variables: object = {}) =>
  ask(world.app, world.adminKey, document, variables)
const TYPES = '[MAIL_TESTED, MESSAGES_RETRIED, MESSAGE_DROPPED, SUPPRESSION_ADDED, SUPPRESSION_CLEARED]'
const EVENTS = `{ events(types: ${TYPES}, first: 20) { nodes { type email target tenantId actor { kind id } } } }`
const acts = async () => (await admin(EVENTS)).data.events.nodes

test("the audit log records an admin's acts at the mailer, with actor and subject", async () => {
  const email = freshAddress()
  const { identityId } = (await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })).data
    .register
  const variables = { email, id: identityId }
  for (const mutation of [
    'mutation ($email: String!) { sendTestMail(tenantId: "demo", email: $email) { __typename } }',
    'mutation ($email: String!) { clearSuppression(tenantId: "demo", email: $email) }',
    'mutation ($email: String!) { addSuppressions(tenantId: "demo", addresses: [{ email: $email }]) { added } }',
    'mutation { suppressAddresses(input: { tenantId: "demo", addresses: [{ email: "x@y.example" }, { email: "?" }] }) { added } }',
    'mutation ($id: ID!) { retryMessages(identityIds: [$id]) }',
    'mutation { retryMessages(tenantId: "demo") }',
    'mutation { retryMessages }',
    'mutation ($id: ID!) { dropMessage(identityId: $id) }',
  ])
    expect((await admin(mutation, variables)).errors, mutation).toBeUndefined()

  const actor = { kind: 'API_KEY', id: parseApiKey(world.adminKey)?.keyId }
  expect(await acts()).toEqual([
    { type: 'MESSAGE_DROPPED', email: null, target: identityId, tenantId: 'demo', actor },
    { type: 'MESSAGES_RETRIED', email: null, target: 'all', tenantId: null, actor },
    { type: 'MESSAGES_RETRIED', email: null, target: 'demo', tenantId: 'demo', actor },
    { type: 'MESSAGES_RETRIED', email: null, target: identityId, tenantId: null, actor },
    { type: 'SUPPRESSION_ADDED', email: null, target: '2', tenantId: 'demo', actor },
    { type: 'SUPPRESSION_ADDED', email, target: '1', tenantId: 'demo', actor },
    { type: 'SUPPRESSION_CLEARED', email, target: 'demo', tenantId: 'demo', actor },
    { type: 'MAIL_TESTED', email, target: 'demo', tenantId: 'demo', actor },
  ])
})

test('an act refused at once leaves no entry, and a signed-in admin is named by address', async () => {
  const before = await acts()
  await admin('mutation { sendTestMail(tenantId: "nobody", email: "ada@example.com") { __typename } }')
  await admin('mutation { clearSuppression(tenantId: "demo", email: "") }')
  for (const id of ['nobody', 'admin'])
    await admin(
      `mutation { suppressAddresses(input: { tenantId: "${id}", addresses: [{ email: "a@b.example" }] }) { added } }`,
    )
  await admin('mutation { addSuppressions(tenantId: "demo", addresses: []) { added } }')
  await admin('mutation { retryMessages(identityIds: ["nobody"]) }')
  await admin('mutation { dropMessage(identityId: "nobody") }')
  // A stolen admin key must not keep the admins from signing in.
  const dropped = await admin('mutation { dropMessage(identityId: "admin.0123456789abcdefghijklm") }')
  expect(dropped.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  expect(await acts()).toEqual(before)
  const { cookie } = await world.newSession()
  const CLEAR = 'mutation { clearSuppression(tenantId: "demo", email: "bob@example.com") }'
  expect((await ask(world.app, undefined, CLEAR, {}, { cookie })).data.clearSuppression).toBe(false)
  expect((await acts())[0]).toMatchObject({
    type: 'SUPPRESSION_CLEARED',
    email: 'bob@example.com',
    actor: { kind: 'ADMIN', id: ADMIN_EMAIL },
  })
})
