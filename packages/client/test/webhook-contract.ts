import { eventually } from '@emailauth/testing/eventually'
import { type Receiver, startReceiver } from '@emailauth/testing/webhook-receiver'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type EmailauthClient,
  ForbiddenError,
  InputError,
  requestIdOf,
  verifyWebhook,
} from '../src/client.ts'

const NOBODY = 'wh_0000000000000000'

/** What webhooks do, at the real gateway and at the fake. */
export function webhookContract(client: () => EmailauthClient, freshAddress: () => string): void {
  let receiver: Receiver
  let made: string[]
  beforeEach(async () => {
    receiver = await startReceiver()
    made = []
  })
  afterEach(async () => {
    for (const id of made) await client().webhooks.delete(id)
    await receiver?.stop()
  })

  const create = async (input: object = {}) => {
    const created = await client().webhooks.create({ url: receiver.url, ...input })
    made.push(created.endpoint.id)
    receiver.secrets.push(created.secret)
    return created
  }
  const registerAndRevoke = async () => {
    const registered = await client().register({ email: freshAddress(), token: 't' })
    if (registered.__typename !== 'Registered') throw new Error(registered.message)
    await client().revoke(registered.identityId)
    return registered
  }
  const typesOf = (identityId: string) =>
    receiver.received
      .filter(({ body }) => body.data.identityId === identityId)
      .map(({ body }) => body.type)
      .filter((type) => type !== 'SENT')
  const stateOf = async (id: string) => (await client().webhooks.list()).find((one) => one.id === id)

  test('a change of an older version of an endpoint is refused with the version now', async () => {
    const { webhooks } = client()
    const { id, version } = (await create()).endpoint
    const changed = await webhooks.update({ id, description: 'Shop', ifVersion: version })
    expect(changed).toMatchObject({ description: 'Shop', version: version + 1 })
    const error = await webhooks.update({ id, url: receiver.url, ifVersion: version }).catch(String)
    expect(error).toContain(`version ${version + 1} now`)
    await expect(webhooks.update({ id, ifVersion: version })).rejects.toMatchObject({
      name: InputError.name,
      field: 'ifVersion',
      currentVersion: version + 1,
    })
    expect((await webhooks.rotateSecret(id))?.endpoint.version).toBe(version + 2)
    // Without a version it takes effect in any case.
    expect((await webhooks.update({ id, description: null }))?.description).toBeNull()
  })

  test('a webhook endpoint is made, listed, changed and deleted', async () => {
    const { webhooks } = client()
    // No call here makes such an event. Those of tests before may still come, and would be in its state.
    const { endpoint, secret } = await create({
      url: ` ${receiver.url} `,
      description: 'Shop',
      eventTypes: ['BURNED', 'BURNED'],
    })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const tenantId = (await client().viewer()).tenant?.id ?? ''
    expect(endpoint).toEqual({
      id: expect.stringMatching(new RegExp(`^${tenantId}\\.wh_[0-9a-z]{16}$`)),
      tenantId,
      version: 1,
      url: receiver.url,
      description: 'Shop',
      eventTypes: ['BURNED'],
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      disabledAt: null,
      disabledReason: null,
      previousSecretUntil: null,
      state: { waiting: 0, failed: 0, failingSince: null, lastSuccessAt: null },
    })
    const other = await create()
    expect((await webhooks.list(tenantId)).map(({ id }) => id)).toEqual([endpoint.id, other.endpoint.id])
    const { id } = endpoint
    expect(await webhooks.get(id)).toEqual(endpoint)
    const url = 'https://shop.example.com/hooks'
    expect(await webhooks.update({ id, url, description: null, eventTypes: null })).toMatchObject({
      url,
      description: null,
      eventTypes: null,
    })
    expect(await webhooks.update({ id, enabled: false })).toMatchObject({
      url,
      disabledReason: 'MANUAL',
      disabledAt: expect.any(String),
    })
    expect(await webhooks.update({ id, enabled: true })).toMatchObject({
      disabledReason: null,
      disabledAt: null,
    })
    expect(await webhooks.delete(id)).toBe(true)
    expect(await webhooks.delete(id)).toBe(false)
    expect(await webhooks.get(id)).toBeNull()
    expect(await webhooks.update({ id, enabled: true })).toBeNull()
    expect(await webhooks.rotateSecret(id)).toBeNull()
    expect(await webhooks.sendTestEvent(id)).toBeNull()
    expect(await webhooks.replay({ endpointId: id, failedSince: new Date().toISOString() })).toBeNull()
    // An event of before may have been posted meanwhile. The mailer forgets it soon after the deletion.
    await eventually(
      async () => expect((await webhooks.attempts({ endpointId: id })).nodes).toEqual([]),
      60_000,
    )
  })

  test('events of the wanted types are posted in order, signed by each valid secret, and again on replay', async () => {
    const { webhooks } = client()
    const { endpoint, secret } = await create({ eventTypes: ['REGISTERED', 'REVOKED'] })
    const { id } = endpoint
    const rotated = await webhooks.rotateSecret(id, 3600)
    receiver.secrets.push(rotated?.secret ?? '')
    expect(rotated?.endpoint.previousSecretUntil).toEqual(expect.any(String))
    const registered = await registerAndRevoke()
    const { identityId, email } = registered
    await eventually(() => expect(typesOf(identityId)).toEqual(['REGISTERED', 'REVOKED']), 60_000)
    const [first, second] = receiver.received
    expect(first?.verified).toEqual([true, true])
    const body = JSON.stringify(first?.body)
    const headers = first?.headers ?? {}
    const { payload } = await verifyWebhook({ body, headers, secret })
    expect(payload).toEqual({
      id: first?.id,
      type: 'REGISTERED',
      timestamp: expect.stringMatching(/Z$/),
      data: {
        tenantId: endpoint.tenantId,
        identityId,
        email,
        actor: null,
        target: null,
        relay: null,
        reply: null,
        reason: null,
        // The fake's replies have none.
        requestId: requestIdOf(registered) ?? null,
      },
    })
    await eventually(async () =>
      expect((await stateOf(id))?.state).toMatchObject({
        waiting: 0,
        failed: 0,
        failingSince: null,
        lastSuccessAt: expect.any(String),
      }),
    )

    const page = await webhooks.attempts({ endpointId: id, first: 1 })
    expect(page).toMatchObject({
      nodes: [
        { eventId: second?.id, type: 'REVOKED', attempt: 1, outcome: 'DELIVERED', status: 204, error: null },
      ],
      pageInfo: { hasNextPage: true },
    })
    const after = page.pageInfo.endCursor ?? ''
    expect(await webhooks.attempts({ endpointId: id, first: 1, after })).toMatchObject({
      nodes: [{ eventId: first?.id }],
      pageInfo: { hasNextPage: false },
    })

    const eventIds = [first?.id ?? '', '000000000001-00000000-demo.00']
    expect(await webhooks.replay({ endpointId: id, eventIds })).toEqual([first?.id])
    await eventually(() => expect(typesOf(identityId)).toHaveLength(3), 60_000)
    expect(receiver.received[2]?.id).toBe(first?.id)
    const alone = await webhooks.rotateSecret(id, 0)
    expect(alone?.endpoint.previousSecretUntil).toBeNull()
    receiver.secrets = [secret, rotated?.secret ?? '', alone?.secret ?? '']
    expect(await webhooks.sendTestEvent(id)).toMatchObject({ type: 'WEBHOOK_TESTED', outcome: 'DELIVERED' })
    expect(receiver.received.at(-1)).toMatchObject({
      verified: [false, false, true],
      body: { type: 'WEBHOOK_TESTED', data: { identityId: null, target: id } },
    })
  }, 150_000)

  test('a test event is posted to a disabled endpoint too; what is not 2xx failed, in a sentence', async () => {
    const { webhooks } = client()
    const { id } = (await create()).endpoint
    await webhooks.update({ id, enabled: false })
    receiver.answer = () => 500
    expect(await webhooks.sendTestEvent(id)).toMatchObject({
      outcome: 'FAILED',
      status: 500,
      error: 'It answered 500.',
    })
    receiver.headers.location = receiver.url
    receiver.answer = () => 302
    const redirected = 'It answered 302; redirects are not followed.'
    expect(await webhooks.sendTestEvent(id)).toMatchObject({
      outcome: 'FAILED',
      status: 302,
      error: redirected,
    })
    expect(receiver.received).toHaveLength(2)
  })

  test('410 disables an endpoint, with an event; what was given up is replayed once it is enabled', async () => {
    const { webhooks } = client()
    const since = new Date(Date.now() - 60_000).toISOString()
    // An endpoint that is disabled gets no more events, so the answer waits for the second one.
    let answerGone = () => {}
    const gone = new Promise<number>((answer) => {
      answerGone = () => answer(410)
    })
    receiver.answer = () => gone
    const { id } = (await create({ eventTypes: ['REGISTERED', 'REVOKED'] })).endpoint
    const { identityId } = await registerAndRevoke()
    await eventually(async () => expect((await stateOf(id))?.state.waiting).toBe(2), 60_000)
    answerGone()
    await eventually(async () => {
      expect(await stateOf(id)).toMatchObject({ disabledReason: 'GONE', state: { waiting: 0, failed: 2 } })
    }, 60_000)
    await eventually(async () => {
      const { nodes } = await client().eventPage({ types: ['WEBHOOK_DISABLED'] })
      expect(nodes.map(({ target }) => target)).toContain(id)
    }, 60_000)
    receiver.answer = () => 200
    receiver.received.length = 0
    await webhooks.update({ id, enabled: true })
    expect(await webhooks.replay({ endpointId: id, failedSince: since })).toHaveLength(2)
    await eventually(() => expect(typesOf(identityId)).toEqual(['REGISTERED', 'REVOKED']), 60_000)
    await eventually(async () => {
      expect(await stateOf(id)).toMatchObject({ disabledReason: null, state: { waiting: 0, failed: 0 } })
    }, 60_000)
  }, 200_000)

  test('bad input of webhooks is refused with the field at fault', async () => {
    const { webhooks } = client()
    const fieldOf = (call: Promise<unknown>) =>
      call.then(
        () => 'taken',
        (error: unknown) => (error instanceof InputError ? error.field : error),
      )
    const { endpoint } = await create()
    const endpointId = endpoint.id
    const url = receiver.url
    for (const bad of [
      'ftp://a.example',
      'https://u:p@a.example',
      'https://a.example/#x',
      '/hook',
      'x'.repeat(3000),
    ])
      expect(await fieldOf(webhooks.create({ url: bad }))).toBe('url')
    for (const description of ['a\nb', ' ', 'x'.repeat(81)])
      expect(await fieldOf(webhooks.create({ url, description }))).toBe('description')
    for (const eventTypes of [[], ['TENANT_CREATED' as const]])
      expect(await fieldOf(webhooks.update({ id: endpointId, eventTypes }))).toBe('eventTypes')
    for (const seconds of [-1, 2_592_001])
      expect(await fieldOf(webhooks.rotateSecret(endpointId, seconds))).toBe('overlapSeconds')
    for (const first of [0, 201])
      expect(await fieldOf(webhooks.attempts({ endpointId, first }))).toBe('first')
    expect(await fieldOf(webhooks.attempts({ endpointId, after: 'x' }))).toBe('after')
    const both = { eventIds: ['0'], failedSince: new Date().toISOString() }
    for (const which of [{}, both])
      expect(await fieldOf(webhooks.replay({ endpointId, ...which }))).toBe('failedSince')
    for (const eventIds of [
      [],
      ['x'],
      Array.from({ length: 51 }, (_, i) => `00000000000${i % 10}-${String(i).padStart(8, '0')}-a`),
    ])
      expect(await fieldOf(webhooks.replay({ endpointId, eventIds }))).toBe('eventIds')
    const wrongPage = webhooks.attempts({ endpointId, after: 'x' })
    await expect(wrongPage).rejects.toThrow('`endCursor` of a page, or the cursor of an edge.')
    await expect(webhooks.list('other')).rejects.toThrow(ForbiddenError)
    await expect(webhooks.create({ url, tenantId: 'other' })).rejects.toThrow(ForbiddenError)
    expect(await webhooks.update({ id: `other.${NOBODY}`, enabled: true })).toBeNull()
    expect(await webhooks.delete(`other.${NOBODY}`)).toBe(false)
  })

  test('a tenant has twenty endpoints at most', async () => {
    while (made.length < 20) await create()
    const refused = await client()
      .webhooks.create({ url: receiver.url })
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT' })
  }, 60_000)
}
