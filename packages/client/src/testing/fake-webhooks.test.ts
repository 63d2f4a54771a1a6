import { expect, test } from 'vitest'
import { InputError } from '../client.ts'
import { createFakeEmailauth } from './testing.ts'

// The bounds of the fake are those of the service (packages/contracts), written out.

const HOUR_MS = 3_600_000
const url = 'https://shop.example.com/hooks'

function fake() {
  const clock = { ms: Date.parse('2026-01-01T00:00:00Z') }
  const signatures: string[][] = []
  const emailauth = createFakeEmailauth({
    now: () => clock.ms,
    receiveWebhook(request) {
      signatures.push((request.headers.get('webhook-signature') ?? '').split(' '))
      return new Response(null, { status: 204 })
    },
  })
  return { clock, signatures, emailauth, webhooks: emailauth.webhooks }
}

test('a tenant has at most 20 endpoints', async () => {
  const { webhooks } = fake()
  for (let made = 0; made < 20; made++) await webhooks.create({ url })
  await expect(webhooks.create({ url })).rejects.toThrow(InputError)
})

test('three secrets sign at most, and one that was replaced does so for a day', async () => {
  const { clock, signatures, webhooks } = fake()
  const { id } = (await webhooks.create({ url })).endpoint
  const signed = async () => {
    await webhooks.sendTestEvent(id)
    return signatures.at(-1)?.length
  }
  const counts = [await signed()]
  for (let rotated = 0; rotated < 3; rotated++) {
    await webhooks.rotateSecret(id)
    counts.push(await signed())
  }
  expect(counts).toEqual([1, 2, 3, 3])
  clock.ms += 24 * HOUR_MS - 1
  expect(await signed()).toBe(3)
  clock.ms += 1
  expect(await signed()).toBe(1)
})

test('the last 1,000 attempts of an endpoint are kept', async () => {
  const { webhooks } = fake()
  const { id } = (await webhooks.create({ url })).endpoint
  for (let attempts = 0; attempts < 1001; attempts++) await webhooks.sendTestEvent(id)
  let kept = 0
  for (let after: string | undefined, more = true; more; ) {
    const { nodes, pageInfo } = await webhooks.attempts({ endpointId: id, first: 200, after })
    kept += nodes.length
    after = pageInfo.endCursor ?? undefined
    more = pageInfo.hasNextPage
  }
  expect(kept).toBe(1000)
})

test('a result of the hosted page can be exchanged for two minutes', async () => {
  const { clock, emailauth } = fake()
  const exchanged = async (email: string, afterMs: number) => {
    const registered = await emailauth.register({ email, token: 't' })
    if (registered.__typename !== 'Registered') throw new Error(registered.message)
    const { identityId } = registered
    const result = emailauth.typeOnPage(identityId, emailauth.numberFor(email) ?? '') ?? ''
    clock.ms += afterMs
    return (await emailauth.exchange({ identityId, result })).__typename
  }
  expect(await exchanged('ada@example.com', 119_999)).toBe('Verified')
  expect(await exchanged('bob@example.com', 120_000)).toBe('WrongCredentials')
})

test('a page has 50 rows where the caller names no other number', async () => {
  const { emailauth, webhooks } = fake()
  const { id } = (await webhooks.create({ url })).endpoint
  for (let i = 0; i < 51; i++) {
    await webhooks.sendTestEvent(id)
    await emailauth.register({ email: `ada${i}@example.com`, token: 't' })
  }
  const pages = [await webhooks.attempts({ endpointId: id }), await emailauth.identities()]
  for (const { nodes, pageInfo } of [...pages, await emailauth.eventPage()])
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([50, true])
})
