import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { createDocumentStore, tokensIn } from './document-store.ts'

/** A document with so many tokens, comments among them. */
const documentOf = (tokens: number) => parse(`{ a }${'#\n'.repeat(tokens - 6)}`)

test('comments count as tokens', () => {
  expect(tokensIn(documentOf(6))).toBe(6)
  expect(tokensIn(documentOf(500))).toBe(500)
})

test('a document of 2,000 tokens is kept, a longer one is not', async () => {
  const store = createDocumentStore()
  for (const tokens of [2000, 2001]) await store.set(`${tokens}`, documentOf(tokens))
  expect(await store.get('2000')).toBeDefined()
  expect(await store.get('2001')).toBeUndefined()
})

test.each([
  ['100,000 tokens', 2000, 50],
  ['1,000 documents', 6, 1000],
])('no more than %s are kept', async (_what, tokens, most) => {
  const store = createDocumentStore()
  const document = documentOf(tokens)
  const isKept = async () => (await store.get('first')) !== undefined
  await store.set('first', document)
  for (let at = 1; at < most; at++) await store.set(`${at}`, document)
  // The look makes it the one used last, so that the next but one to come takes its place.
  expect(await isKept()).toBe(true)
  for (let at = most; at < 2 * most - 1; at++) await store.set(`${at}`, document)
  expect(await isKept()).toBe(true)
  for (let at = 0; at < most; at++) await store.set(`again ${at}`, document)
  expect(await isKept()).toBe(false)
})
