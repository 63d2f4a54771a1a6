import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const admin = (document: string, variables: object = {}) =>
  ask(world.app, world.adminKey, document, variables)
const registerOnce = (email = freshAddress()) =>
  ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })

test('mails of all tenants in a state, each with its identity while that lives', async () => {
  const email = freshAddress()
  const { identityId } = (await registerOnce(email)).data.register
  const MESSAGES =
    '{ messages(state: SENT) { nodes { identityId identity { email tenant { id } message { state attempts } } } } }'
  const find = async () => {
    const { nodes } = (await admin(MESSAGES)).data.messages
    return nodes.find((node: { identityId: string }) => node.identityId === identityId)
  }
  const message = { state: 'SENT', attempts: 1 }
  await eventually(async () =>
    expect(await find()).toMatchObject({ identity: { email, tenant: { id: 'demo' }, message } }),
  )
  await admin('mutation ($id: ID!) { revokeIdentity(id: $id) }', { id: identityId })
  expect((await find())?.identity ?? null).toBeNull()
})

test('an admin mails a number again, whosever it is, within the limits of the address', async () => {
  const { identityId } = (await registerOnce()).data.register
  const RESEND_ANY =
    'mutation ($id: ID!) { resend(input: { identityId: $id }) { __typename ... on RateLimited { retryAfterSeconds } } }'

  expect((await admin(RESEND_ANY, { id: identityId })).data.resend).toEqual({
    __typename: 'RateLimited',
    retryAfterSeconds: expect.any(Number),
  })
  for (const id of ['nobody', 'nobody.AGhV3kq1x0oJ2mN7bQd5t1X', identityId.replace('demo', 'other')])
    expect((await admin(RESEND_ANY, { id })).data.resend.__typename).toBe('IdentityNotFound')
})

test('what waits can be tried at once or given up', async () => {
  const RETRY = 'mutation ($ids: [ID!], $tenant: ID) { retryMessages(identityIds: $ids, tenantId: $tenant) }'
  expect((await admin(RETRY, { ids: ['nobody'] })).data.retryMessages).toBe(0)
  expect((await admin(RETRY, { tenant: 'demo' })).data.retryMessages).toBe(0)
  for (const wrong of [{ ids: [] }, { tenant: '{*' }])
    expect((await admin(RETRY, wrong)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  const DROP = 'mutation ($id: ID!) { dropMessage(identityId: $id) }'
  expect((await admin(DROP, { id: 'nobody' })).data.dropMessage).toBe(false)
  const { identityId } = (await registerOnce()).data.register
  expect((await admin(DROP, { id: identityId })).data.dropMessage).toBe(true)
})

test('the services, and what an operator should change', async () => {
  const { data } = await admin(
    '{ system { environment nodeVersion services { name ready latencyMs version startedAt } relays { host port circuit since } mailQueue { waiting oldestAt nextAttemptAt } findings { code level detail fix } } }',
  )
  expect(data.system).toMatchObject({
    environment: 'DEVELOPMENT',
    nodeVersion: process.version,
    services: ['gateway', 'persistence', 'mailer'].map((name) => ({
      name,
      ready: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      startedAt: expect.stringMatching(/^20/),
    })),
    relays: [{ host: '127.0.0.1', port: world.smtp.port, circuit: 'CLOSED' }],
    mailQueue: { waiting: expect.any(Number) },
  })
  expect(data.system.findings).toBeInstanceOf(Array)
})
