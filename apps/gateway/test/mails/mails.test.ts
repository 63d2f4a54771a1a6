import { createHmac, randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

const BOUNCE_SECRET = 'b'.repeat(32)
let world: World
beforeAll(async () => {
  world = await startWorld(
    {
      rcptTo: (address) => (address.startsWith('no') ? { code: 550, text: '5.1.1 no such user' } : undefined),
    },
    {},
    { EMAILAUTH_BOUNCE_SECRET: BOUNCE_SECRET },
  )
})
afterAll(() => world?.stop())

const admin = (document: string, variables: object = {}) =>
  ask(world.app, world.adminKey, document, variables)
const registerOnce = (email = freshAddress()) =>
  ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })

const PREVIEW =
  'query ($id: ID!, $locale: String) { mailPreview(tenantId: $id, locale: $locale) { subject html text } }'
const SEND =
  'mutation ($id: ID!, $email: String!, $locale: String) { sendTestMail(tenantId: $id, email: $email, locale: $locale) { __typename ... on TestMail { outcome reply } ... on RateLimited { code retryAfterSeconds } } }'

test("a preview has the tenant's look, in a language, with a number that is nobody's", async () => {
  await admin(
    'mutation { updateTenant(input: { id: "other", settings: { mail: { colour: "#123456", linkTemplate: "https://other.example/#n={number}" } } }) { id } }',
  )
  const { data } = await admin(PREVIEW, { id: 'other', locale: 'es-MX' })
  expect(data.mailPreview.subject).toBe('1234 5678 9012 es tu código de verificación para Other')
  expect(data.mailPreview.html).toContain('#123456')
  expect(data.mailPreview.text).toContain('https://other.example/#n=123456789012')
  expect((await admin(PREVIEW, { id: 'demo' })).data.mailPreview.subject).toContain(
    'is your verification code for Demo',
  )
  expect((await admin(PREVIEW, { id: 'nobody' })).data.mailPreview).toBeNull()
  expect((await admin(PREVIEW, { id: '{*' })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  const odd = await admin(PREVIEW, { id: 'demo', locale: 'en\r\nBcc: a@b' })
  expect(odd.data.mailPreview.subject).toBe('1234 5678 9012 is your verification code for Demo')
})

test('a test mail answers what the SMTP server said, and only so many are sent', async () => {
  const email = freshAddress()
  const send = async (to: string) => (await admin(SEND, { id: 'other', email: to })).data?.sendTestMail
  expect(await send(email)).toEqual({
    __typename: 'TestMail',
    outcome: 'SENT',
    reply: expect.stringMatching(/^250 /),
  })
  expect(world.smtp.mails.at(-1)).toMatchObject({ to: [email] })
  expect(world.smtp.mails.at(-1)?.raw).toContain('1234 5678 9012')
  expect(await send('no@example.com')).toEqual({
    __typename: 'TestMail',
    outcome: 'REJECTED',
    reply: '550 5.1.1 no such user',
  })
  for (let i = 0; i < 4; i++) await send(email)
  const since = world.smtp.mails.length
  expect(await send(email)).toEqual({
    __typename: 'RateLimited',
    code: 'RATE_LIMITED',
    retryAfterSeconds: expect.any(Number),
  })
  expect(world.smtp.mails).toHaveLength(since)
  const bad = await admin(SEND, { id: 'other', email: 'a@b.example\r\nBcc: c@d.example' })
  expect(bad.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'email' })
  expect((await admin(SEND, { id: 'nobody', email })).data.sendTestMail).toBeNull()
})

const MESSAGES = `query ($state: MessageState!, $reason: DeliveryReason, $first: Int, $after: String) {
  messages(tenantId: "demo", state: $state, reason: $reason, first: $first, after: $after) {
    nodes { messageId identityId state reason attempts reply providerId updatedAt nextAttemptAt } pageInfo { endCursor hasNextPage hasPreviousPage }
  }
}`

test('messages by state, in pages and counted, without an address', async () => {
  world.smtp.script.data = () => ({ code: 250, text: 'Ok: queued as Q1' })
  const registered = await Promise.all([registerOnce(), registerOnce(), registerOnce()])
  delete world.smtp.script.data
  await registerOnce(`no-${freshAddress()}`)
  await eventually(async () => {
    const { data } = await admin('{ messageCounts(tenantId: "demo") { state count } }')
    const counts = Object.fromEntries(
      data.messageCounts.map(({ state, count }: { state: string; count: number }) => [state, count]),
    )
    expect(counts).toMatchObject({ SENT: 3, REJECTED: 1, DEFERRED: 0 })
  })
  const first = (await admin(MESSAGES, { state: 'SENT', first: 2 })).data.messages
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  const rest = await admin(MESSAGES, { state: 'SENT', first: 2, after: first.pageInfo.endCursor })
  expect(rest.data.messages.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
  const seen = [...first.nodes, ...rest.data.messages.nodes]
  expect(seen.map(({ identityId }) => identityId).sort()).toEqual(
    registered.map(({ data }) => data.register.identityId).sort(),
  )
  expect(seen.map(({ providerId }) => providerId)).toEqual(['Q1', 'Q1', 'Q1'])
  const rejected = await admin(MESSAGES, { state: 'REJECTED' })
  const reply = '550 5.1.1 no such user'
  expect(rejected.data.messages.nodes).toMatchObject([{ state: 'REJECTED', reason: 'RECIPIENT', reply }])
  const ofReason = async (state: string, reason: string) =>
    (await admin(MESSAGES, { state, reason })).data.messages.nodes
  expect(await ofReason('REJECTED', 'RECIPIENT')).toEqual(rejected.data.messages.nodes)
  expect(await ofReason('REJECTED', 'SUPPRESSED')).toEqual([])
  expect(seen.map(({ reason }) => reason)).toEqual([null, null, null])
  // The refusal is counted with its reason.
  const statistics =
    '{ statistics(from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z", step: DAY) { buckets { problems { event reason count } } } }'
      .replace('2020-01-01T00:00:00Z', new Date(Date.now() - 86_400_000).toISOString())
      .replace('2020-01-02T00:00:00Z', new Date().toISOString())
  const { buckets } = (await admin(statistics)).data.statistics
  const problems = buckets.flatMap((bucket: { problems: object[] }) => bucket.problems)
  expect(problems).toContainEqual({ event: 'REJECTED', reason: 'RECIPIENT', count: 1 })
  // What the events keep of it, by identity and by the request that registered.
  const events = `query ($identityId: ID, $requestId: ID) {
    events(first: 10, identityId: $identityId, requestId: $requestId) { nodes { type relay reply reason requestId } }
  }`
  const relay = new URL(world.smtp.url).host
  const [{ identityId: refused }] = rejected.data.messages.nodes
  const [ended, begun] = (await admin(events, { identityId: refused })).data.events.nodes
  expect(ended).toEqual({ type: 'REJECTED', relay, reply, reason: 'RECIPIENT', requestId: null })
  const { requestId } = begun
  expect((await admin(events, { requestId: requestId.toUpperCase() })).data.events.nodes).toEqual([begun])
  expect((await admin(events, { requestId: randomUUID() })).data.events.nodes).toEqual([])
  const sent = await admin(events, { identityId: registered[0]?.data.register.identityId })
  expect(sent.data.events.nodes).toMatchObject([
    { type: 'SENT', relay, reply: '250 Ok: queued as Q1', reason: null },
    { type: 'REGISTERED', requestId: registered[0]?.headers['x-request-id'] },
  ])
  expect(rejected.text + rest.text).not.toContain('@example.com')
  for (const wrong of [{ first: 0 }, { first: 201 }, { after: 'a b' }, { after: 'x'.repeat(401) }]) {
    const { errors } = await admin(MESSAGES, { state: 'SENT', ...wrong })
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  }
})

const SUPPRESSIONS =
  'query ($id: ID!) { suppressions(tenantId: $id, first: 10) { nodes { email reason suppressedAt } pageInfo { hasNextPage } } }'
const CLEAR = 'mutation ($email: String!) { clearSuppression(tenantId: "demo", email: $email) }'

test('an address that came back stands on the list of its tenant until an admin clears it', async () => {
  const email = freshAddress()
  await registerOnce(email)
  const [, messageId] = /^Message-ID: (.*)\r$/m.exec(world.smtp.mails.at(-1)?.raw ?? '') ?? []
  await bounce({ messageId, email, reason: '550 5.1.1 gone' })
  const list = async (id: string) => (await admin(SUPPRESSIONS, { id })).data.suppressions
  expect(await list('demo')).toMatchObject({
    nodes: [{ email, reason: '550 5.1.1 gone' }],
    pageInfo: { hasNextPage: false },
  })
  expect((await list('other')).nodes).toEqual([])
  expect((await admin(CLEAR, { email })).data.clearSuppression).toBe(true)
  for (const again of [email, '', 'x'.repeat(400), '%00&tenantId=other'])
    expect((await admin(CLEAR, { email: again })).data.clearSuppression).toBe(false)
  expect((await list('demo')).nodes).toEqual([])
})

const ADD = `mutation ($id: ID!, $addresses: [SuppressionInput!]!) {
  addSuppressions(tenantId: $id, addresses: $addresses) { added known refused { index message } }
}`

test('addresses that an admin adds get no mail; adding them again changes nothing', async () => {
  const email = freshAddress()
  const addresses = [
    { email: `Ada <${email}>`, reason: 'asked for it', suppressedAt: '2026-01-02T03:04:05.000Z' },
    { email: 'no address' },
  ]
  const refused = [{ index: 1, message: 'This is no email address.' }]
  const add = async (id: string, given: object[] = addresses) => admin(ADD, { id, addresses: given })
  expect((await add('demo')).data.addSuppressions).toEqual({ added: 1, known: 0, refused })
  expect((await add('demo')).data.addSuppressions).toEqual({ added: 0, known: 1, refused })
  const listed = (await admin(SUPPRESSIONS, { id: 'demo' })).data.suppressions.nodes
  expect(listed).toEqual([{ email, reason: 'asked for it', suppressedAt: '2026-01-02T03:04:05.000Z' }])
  expect((await registerOnce(email)).data.register).toMatchObject({ __typename: 'EmailRejected' })
  for (const id of ['nobody', 'admin', '{*'])
    expect((await add(id)).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'tenantId',
    })
  const tooMany = Array.from({ length: 501 }, () => ({ email }))
  for (const wrong of [[], tooMany, [{ email, reason: 'x'.repeat(1001) }]])
    expect((await add('demo', wrong)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
  expect((await admin(CLEAR, { email })).data.clearSuppression).toBe(true)
})

async function bounce(report: object) {
  const payload = JSON.stringify(report)
  const time = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', BOUNCE_SECRET).update(`${time}.${payload}`).digest('hex')
  const reply = await fetch(`${world.mailer.url}/v1/bounces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'emailauth-signature': `t=${time},v1=${signature}` },
    body: payload,
  })
  expect(reply.status).toBe(204)
}
