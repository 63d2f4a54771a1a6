import { eventually } from '@emailauth/testing/eventually'
import { type Receiver, startReceiver } from '@emailauth/testing/webhook-receiver'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

const WEBHOOK = `id tenantId url description eventTypes disabledAt disabledReason previousSecretUntil
  state { waiting failed failingSince lastSuccessAt }`
const ATTEMPT = 'eventId type attempt outcome status error'
const CREATE = `mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) { secret endpoint { ${WEBHOOK} } } }`
const UPDATE = `mutation ($input: UpdateWebhookEndpointInput!) { updateWebhookEndpoint(input: $input) { endpoint { ${WEBHOOK} } } }`
const DELETE = 'mutation ($id: ID!) { deleteWebhookEndpoint(input: { id: $id }) { deleted } }'
const ROTATE = `mutation ($id: ID!) { rotateWebhookSecret(input: { id: $id }) { secret endpoint { ${WEBHOOK} } } }`
const REPLAY =
  'mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) { eventIds } }'
const TEST = `mutation ($id: ID!) { sendTestEvent(input: { endpointId: $id }) { attempt { ${ATTEMPT} } } }`
const LIST = `query ($tenantId: ID) { webhookEndpoints(tenantId: $tenantId) { ${WEBHOOK} } }`
const ONE = `query ($id: ID!) { webhookEndpoint(id: $id) { ${WEBHOOK} } }`
const ATTEMPTS = `query ($id: ID!, $after: String) { webhookAttempts(endpointId: $id, first: 2, after: $after) {
  nodes { ${ATTEMPT} } edges { cursor } pageInfo { hasNextPage endCursor } } }`

let world: World
let receiver: Receiver
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver?.stop())

const call = async (document: string, variables: object, key = world.key) => {
  const { data, errors } = await ask(world.app, key, document, variables)
  expect(errors).toBeUndefined()
  return Object.values(data)[0] as never as ReturnType<typeof JSON.parse>
}
const create = async (input: object = {}) => {
  const made = await call(CREATE, { input: { url: receiver.url, ...input } })
  receiver.secrets.push(made.secret)
  return made.endpoint.id as string
}
const register = async (email = freshAddress()) =>
  (await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })).data.register
const received = (id: string) => receiver.received.filter(({ body }) => body.data.identityId === id)

test('what happens to an identity is posted to its tenant’s endpoint: in order, signed, each once', async () => {
  const id = await create({ description: 'Shop' })
  const email = freshAddress()
  const { identityId } = await register(email)
  await ask(world.app, world.key, 'mutation ($id: ID!) { revokeIdentity(id: $id) }', { id: identityId })
  await eventually(() => expect(received(identityId)).toHaveLength(3))
  expect(received(identityId).map(({ body }) => body.type)).toEqual(
    expect.arrayContaining(['REGISTERED', 'SENT', 'REVOKED']),
  )
  expect(received(identityId).every(({ verified }) => verified[0] === true)).toBe(true)
  expect(received(identityId)[0]?.body).toMatchObject({ data: { tenantId: 'demo', email } })
  // What the person got by mail is in no webhook.
  expect(JSON.stringify(receiver.received)).not.toMatch(/"(number|token)"/)
  const events = await call('query ($id: ID) { events(identityId: $id) { nodes { cursor } } }', {
    id: identityId,
  })
  const cursors = events.nodes.map(({ cursor }: { cursor: string }) => cursor).reverse()
  expect(received(identityId).map((came) => came.id)).toEqual(cursors)
  const [listed] = (await call(LIST, {})).filter((one: { id: string }) => one.id === id)
  expect(listed).toMatchObject({ description: 'Shop', url: receiver.url, state: { waiting: 0, failed: 0 } })
  const page = await call(ATTEMPTS, { id })
  expect(page.nodes).toMatchObject([{ outcome: 'DELIVERED', status: 204 }, { outcome: 'DELIVERED' }])
  expect(page.pageInfo).toMatchObject({ hasNextPage: true, endCursor: page.edges[1].cursor })
  const rest = await call(ATTEMPTS, { id, after: page.pageInfo.endCursor })
  expect(rest.nodes).toMatchObject([{ type: 'REGISTERED', attempt: 1, error: null }])
  // A replay has the same id, so that a receiver can drop it.
  const input = { endpointId: id, eventIds: [cursors[0], '000000000001-00000000-demo.00'] }
  expect(await call(REPLAY, { input })).toEqual({ eventIds: [cursors[0]] })
  await eventually(() => expect(received(identityId)).toHaveLength(4))
  expect(received(identityId)[3]?.id).toBe(cursors[0])
  expect(await call(DELETE, { id })).toEqual({ deleted: true })
  expect(await call(DELETE, { id })).toEqual({ deleted: false })
})

test('changes hold at once: types, a new secret beside the old one, a stop', async () => {
  const id = await create({ eventTypes: ['REVOKED'] })
  const rotated = await call(ROTATE, { id })
  expect(rotated.endpoint.previousSecretUntil).not.toBeNull()
  receiver.secrets.push(rotated.secret)
  const { identityId } = await register()
  await ask(world.app, world.key, 'mutation ($id: ID!) { revokeIdentity(id: $id) }', { id: identityId })
  await eventually(() => expect(received(identityId)).toHaveLength(1))
  expect(received(identityId)[0]).toMatchObject({ body: { type: 'REVOKED' }, verified: [true, true] })
  expect((await call(UPDATE, { input: { id, eventTypes: null, enabled: false } })).endpoint).toMatchObject({
    eventTypes: null,
    disabledReason: 'MANUAL',
  })
  expect((await call(TEST, { id })).attempt).toMatchObject({
    type: 'WEBHOOK_TESTED',
    outcome: 'DELIVERED',
    status: 204,
  })
  expect((await call(UPDATE, { input: { id, enabled: true, description: null } })).endpoint).toMatchObject({
    disabledAt: null,
    description: null,
  })
  await call(DELETE, { id })
})

test('an endpoint that answers 410 is disabled with an event, and what failed can be sent again', async () => {
  receiver.answer = () => 410
  const since = new Date()
  // Of one type only: when its mail was sent may be reported after the endpoint is enabled again.
  const id = await create({ eventTypes: ['REGISTERED'] })
  const { identityId } = await register()
  const disabled = async () =>
    (await call('{ events(types: [WEBHOOK_DISABLED]) { nodes { target } } }', {})).nodes
  await eventually(async () => expect(await disabled()).toEqual([{ target: id }]))
  await eventually(async () => {
    const endpoint = await call(ONE, { id })
    expect(endpoint).toMatchObject({ disabledReason: 'GONE', state: { waiting: 0, failed: 1 } })
  })
  receiver.answer = () => 200
  receiver.received.length = 0
  await call(UPDATE, { input: { id, enabled: true } })
  const { eventIds: ids } = await call(REPLAY, { input: { endpointId: id, failedSince: since } })
  await eventually(() => expect(received(identityId).map((came) => came.id)).toEqual(ids))
  await call(DELETE, { id })
})

test('bad input is refused with the field at fault; what another tenant has is not there', async () => {
  const refusal = async (document: string, variables: object, key = world.key) =>
    (await ask(world.app, key, document, variables)).errors?.[0]?.extensions
  const create = (input: object) => refusal(CREATE, { input: { url: 'https://a.example', ...input } })
  expect(await create({ url: 'ftp://a.example' })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'url' })
  expect(await create({ description: 'a\nb' })).toMatchObject({ field: 'description' })
  expect(await create({ eventTypes: [] })).toMatchObject({ field: 'eventTypes' })
  expect(await create({ eventTypes: ['TENANT_CREATED'] })).toMatchObject({ field: 'eventTypes' })
  expect(await create({ tenantId: 'other' })).toMatchObject({ code: 'FORBIDDEN' })
  expect(await refusal(LIST, {}, world.adminKey)).toMatchObject({ field: 'tenantId' })
  const input = { endpointId: 'demo.wh_0000000000000000' }
  expect(await refusal(REPLAY, { input })).toMatchObject({ field: 'failedSince' })
  expect(await refusal(REPLAY, { input: { ...input, eventIds: [] } })).toMatchObject({ field: 'eventIds' })
  expect(await refusal(REPLAY, { input: { ...input, eventIds: ['x'] } })).toMatchObject({ field: 'eventIds' })
  expect(await call(REPLAY, { input: { ...input, failedSince: new Date() } })).toEqual({ eventIds: null })
  expect(await call(TEST, { id: input.endpointId })).toEqual({ attempt: null })
  expect((await call(ROTATE, { id: input.endpointId })).secret).toBeNull()
  expect(await call(LIST, { tenantId: 'other' }, world.adminKey)).toEqual([])
})

test('what somebody does with an endpoint is in the audit log, also with a tenant’s key', async () => {
  const id = await create()
  await call(ROTATE, { id })
  await call(TEST, { id })
  await call(DELETE, { id })
  const types = '[WEBHOOK_CREATED, WEBHOOK_SECRET_ROTATED, WEBHOOK_TESTED, WEBHOOK_DELETED]'
  const document = `{ events(types: ${types}, first: 4) { nodes { type target actor { kind } } } }`
  const { nodes } = await call(document, {}, world.adminKey)
  const actor = { kind: 'API_KEY' }
  expect(nodes).toEqual(
    ['WEBHOOK_DELETED', 'WEBHOOK_TESTED', 'WEBHOOK_SECRET_ROTATED', 'WEBHOOK_CREATED'].map((type) => ({
      type,
      target: id,
      actor,
    })),
  )
})

test('an admin lists the endpoints of all tenants in pages, a tenant its own alone', async () => {
  const PAGE = `query ($tenantId: ID, $after: String, $first: Int! = 1) {
    webhookEndpointConnection(tenantId: $tenantId, first: $first, after: $after) {
      nodes { id tenantId state { waiting } } edges { cursor } pageInfo { hasNextPage endCursor } } }`
  const mine = await create()
  const theirs = (await call(CREATE, { input: { url: receiver.url } }, world.otherKey)).endpoint.id
  const seen: string[] = []
  let after: string | null = null
  do {
    const page: ReturnType<typeof JSON.parse> = await call(PAGE, { after }, world.adminKey)
    seen.push(...page.nodes.map(({ id }: { id: string }) => id))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  expect(seen).toEqual(expect.arrayContaining([mine, theirs]))
  const ofDemo = await call(PAGE, { tenantId: 'demo', first: 50 }, world.adminKey)
  expect(ofDemo.nodes.every(({ tenantId }: { tenantId: string }) => tenantId === 'demo')).toBe(true)
  expect(await call(PAGE, { first: 50 })).toEqual(ofDemo)
  for (const wrong of [{ first: 0 }, { after: '!' }, { tenantId: 'A' }]) {
    const { errors } = await ask(world.app, world.adminKey, PAGE, wrong)
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  }
})
