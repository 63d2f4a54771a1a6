import { eventually } from '@emailauth/testing/eventually'
import { startCluster, type TestCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import { type Receiver, startReceiver } from '@emailauth/testing/webhook-receiver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

const ENDPOINTS = 4
const REGISTER_AND_REVOKE = 20

let cluster: TestCluster
let world: World
let receivers: Receiver[]
beforeAll(async () => {
  cluster = await startCluster()
  world = await startWorld({}, {}, { EMAILAUTH_REDIS_URL: cluster.url })
  receivers = await Promise.all(Array.from({ length: ENDPOINTS }, () => startReceiver()))
})
afterAll(async () => {
  await world?.stop()
  await Promise.all((receivers ?? []).map((receiver) => receiver.stop()))
  await cluster?.stop()
})

/** A call that came too late for Redis has done nothing, and is made again as its answer says. */
const askUntilDone = (document: string, variables: object) =>
  eventually(async () => {
    const answer = await ask(world.app, world.key, document, variables)
    if (answer.errors?.[0]?.extensions.tookEffect === false) throw new Error(JSON.stringify(answer.errors))
    return answer
  }, 30_000)

const call = async (document: string, variables: object = {}) => {
  const { data, errors } = await askUntilDone(document, variables)
  expect(errors).toBeUndefined()
  return Object.values(data)[0] as never as ReturnType<typeof JSON.parse>
}
const create = async (receiver: Receiver): Promise<string> => {
  const { secret, endpoint } = await call(
    'mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { secret endpoint { id } } }',
    { url: receiver.url },
  )
  receiver.secrets.push(secret)
  return endpoint.id
}
const stateOf = async (id: string) =>
  (await call('query ($id: ID!) { webhookEndpoint(id: $id) { state { waiting failed } } }', { id }))?.state
const recordedOf = async (identityId: string): Promise<string[]> => {
  const page = await call('query ($id: ID) { events(identityId: $id) { nodes { cursor } } }', {
    id: identityId,
  })
  return page.nodes.map(({ cursor }: { cursor: string }) => cursor).reverse()
}
/** Keys in which the mailer keeps something of an endpoint. */
const keysOf = async (port: number) =>
  (await redisCommand(port, 'KEYS', 'ea:mail:{webhook*')).split('\n').filter((key) => key !== '')
const revokedAt = (receiver: Receiver) =>
  onceOf(receiver)
    .flatMap(({ body }) => (body.type === 'REVOKED' ? [body.data.identityId] : []))
    .sort()
const onceOf = ({ received }: Receiver) => [...new Map(received.map((came) => [came.id, came])).values()]

test('on a Redis Cluster events are handed over, delivered in order, replayed and forgotten as on one Redis', async () => {
  const ids = await Promise.all(receivers.map(create))
  const [failing] = receivers
  if (failing === undefined) throw new Error('no receiver')
  // One of them refuses the first ten requests, which are tried again after 5 s.
  failing.answer = () => (failing.received.length <= 10 ? 503 : 204)

  const identities: string[] = await Promise.all(
    Array.from({ length: REGISTER_AND_REVOKE }, async () => {
      const { identityId } = await call(REGISTER, { input: { email: freshAddress(), token: 't' } })
      await call('mutation ($id: ID!) { revokeIdentity(id: $id) }', { id: identityId })
      return identityId
    }),
  )
  for (const [i, receiver] of receivers.entries()) {
    await eventually(() => expect(revokedAt(receiver)).toEqual([...identities].sort()), 90_000)
    await eventually(
      async () => expect(await stateOf(ids[i] ?? '')).toEqual({ waiting: 0, failed: 0 }),
      90_000,
    )
    expect(receiver.received.every(({ verified }) => verified[0])).toBe(true)
    // That a mail was sent may be recorded after the revocation.
    for (const identityId of identities)
      await eventually(async () => {
        const came = onceOf(receiver).filter(({ body }) => body.data.identityId === identityId)
        expect(came.map(({ id }) => id)).toEqual(await recordedOf(identityId))
      }, 30_000)
  }

  const [first = ''] = ids
  const before = failing.received.length
  const eventIds = onceOf(failing)
    .slice(0, 3)
    .map(({ id }) => id)
  const replayed = await call(
    'mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) { eventIds } }',
    { input: { endpointId: first, eventIds } },
  )
  expect(replayed.eventIds.sort()).toEqual([...eventIds].sort())
  await eventually(() =>
    expect(
      failing.received
        .slice(before)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...eventIds].sort()),
  )
  const attempts = await call(
    'query ($id: ID!) { webhookAttempts(endpointId: $id, first: 200) { nodes { outcome } } }',
    { id: first },
  )
  const outcomes = attempts.nodes.map(({ outcome }: { outcome: string }) => outcome)
  expect(outcomes.filter((outcome: string) => outcome === 'RETRYING').length).toBeGreaterThan(0)

  const masters = await cluster.masters()
  expect((await Promise.all(masters.map(({ port }) => keysOf(port)))).flat().length).toBeGreaterThan(0)
  await Promise.all(
    ids.map((id) =>
      call('mutation ($id: ID!) { deleteWebhookEndpoint(input: { id: $id }) { deleted } }', { id }),
    ),
  )
  // The mailer forgets what it kept of them, on whatever node it lay.
  await eventually(async () => {
    const kept = await Promise.all(masters.map(({ port }) => keysOf(port)))
    expect(kept.flat()).toEqual([])
  }, 30_000)
})
