import fastify from 'fastify'
import { beforeEach, expect, test } from 'vitest'
import { createDocumentStore } from './document-store.ts'
import { createNewDocuments, EQUAL_MS } from './new-documents.ts'

const DOCUMENT = '{ viewer { scope } }'
/** Who paid, in order. */
let paid: (string | undefined)[]
/** Answers the calls of the tenant `slow`. */
let answer: () => void
const slow = new Promise<void>((resolve) => {
  answer = resolve
})

const newDocuments = createNewDocuments({
  identify: ({ headers }) => ({ scope: 'tenant', apiKeyId: 'k', tenantId: String(headers['x-tenant']) }),
  persisted: new Map(),
  store: createDocumentStore(),
  budgets: {
    take(caller) {
      paid.push(caller?.tenantId)
      return 0
    },
  },
  refused: () => {},
})
const app = fastify()
app.post('/graphql', {
  preHandler: newDocuments.limit,
  onSend: newDocuments.answered,
  handler: async ({ headers }) => {
    if (headers['x-slow'] !== undefined) await slow
    return {}
  },
})

beforeEach(() => {
  paid = []
})

const send = (headers: Record<string, string>) =>
  app.inject({ method: 'POST', url: '/graphql', headers, payload: { query: DOCUMENT } })

test('a document waits a second for an equal one of its tenant, and not for those of others', async () => {
  expect(EQUAL_MS).toBe(1000)
  const first = send({ 'x-tenant': 'shop', 'x-slow': '1' })
  await expect.poll(() => paid).toEqual(['shop'])
  expect((await send({ 'x-tenant': 'other' })).statusCode).toBe(200)
  expect(paid).toEqual(['shop', 'other'])

  // The first has no answer yet.
  expect((await send({ 'x-tenant': 'shop' })).statusCode).toBe(200)
  expect(paid).toEqual(['shop', 'other', 'shop'])
  answer()
  await first
})

test('one that has an answer holds no other, whether or not that was sent', async () => {
  const first = send({ 'x-tenant': 'shop' })
  const second = send({ 'x-tenant': 'shop' })
  expect([(await first).statusCode, (await second).statusCode]).toEqual([200, 200])
  expect(paid).toEqual(['shop', 'shop'])
})
