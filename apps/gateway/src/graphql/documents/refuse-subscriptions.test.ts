import { hash } from 'node:crypto'
import Fastify from 'fastify'
import { buildSchema, parse } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { createDocumentStore } from './document-store.ts'
import { refuseSubscriptions } from './refuse-subscriptions.ts'

test('a document that the store keeps is not parsed again', async () => {
  const store = createDocumentStore()
  const app = Fastify()
  onTestFinished(() => app.close())
  const preHandler = refuseSubscriptions(buildSchema('type Query { a: ID }'), store)
  app.post('/graphql', { preHandler }, async () => 'let through')
  const query = 'subscription { a }'
  const status = async () =>
    (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).statusCode
  expect(await status()).toBe(400)
  // Another document under this text, which only the store can have given.
  await store.set(`schema:${hash('sha256', query)}`, parse('{ a }'))
  expect(await status()).toBe(200)
})
