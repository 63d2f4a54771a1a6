import { expect, test, vi } from 'vitest'
import { TypedDocumentString } from '../../generated/graphql.ts'
import { createClock } from '../clock.ts'
import { createGraphqlClient } from './graphql-client.ts'
import { GraphqlErrors, HttpError } from './graphql-errors.ts'

const DOCUMENT = new TypedDocumentString<{ viewer: string }, Record<string, never>>('{ viewer }', {
  hash: 'sha256:abc',
})

function clientOf(...replies: readonly [status: number, body: unknown, contentType?: string][]) {
  const waiting = [...replies]
  const sent: { body: unknown; authorization: string | null }[] = []
  const onRefused = vi.fn()
  const client = createGraphqlClient({
    clock: createClock(),
    authorization: () => 'Bearer ea_1',
    onRefused,
    fetch: async (_url, init) => {
      const headers = new Headers(init?.headers)
      sent.push({ body: JSON.parse(String(init?.body)), authorization: headers.get('authorization') })
      const [status, body, type = 'application/graphql-response+json'] = waiting.shift() ?? [500, '']
      return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })
    },
  })
  return { client, sent, onRefused }
}

test('documents go by their digest, and in full where it is not known', async () => {
  const unknown = { errors: [{ message: 'PersistedQueryNotFound' }] }
  const { client, sent } = clientOf([400, unknown], [200, { data: { viewer: 'me' } }])
  expect(await client.ask(DOCUMENT)).toEqual({ viewer: 'me' })
  expect(sent.map(({ body }) => body)).toEqual([{ documentId: 'sha256:abc' }, { query: '{ viewer }' }])
})

test('what is missing stands beside what came', async () => {
  const half = { data: { viewer: 'me' }, errors: [{ message: 'gone', path: ['message'] }] }
  const { client } = clientOf([200, half], [200, half])
  const { data, error } = await client.askPartly(DOCUMENT)
  expect([data, error?.errors.length]).toEqual([{ viewer: 'me' }, 1])
  await expect(client.ask(DOCUMENT)).rejects.toBeInstanceOf(GraphqlErrors)
})

test('a refusal is reported with the header that was refused', async () => {
  const refused = { errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED' } }] }
  const { client, onRefused, sent } = clientOf([401, refused])
  await expect(client.as('Bearer other').ask(DOCUMENT)).rejects.toBeInstanceOf(GraphqlErrors)
  expect(onRefused).toHaveBeenCalledExactlyOnceWith('Bearer other')
  expect(sent[0]?.authorization).toBe('Bearer other')
})

test('a refusal is one also where a field that may be null leaves data behind', async () => {
  const errors = [{ message: 'x', extensions: { code: 'UNAUTHENTICATED' } }]
  const { client, onRefused } = clientOf([401, { data: { viewer: null }, errors }])
  await expect(client.askPartly(DOCUMENT)).rejects.toBeInstanceOf(GraphqlErrors)
  expect(onRefused).toHaveBeenCalledExactlyOnceWith('Bearer ea_1')
})

test('a reply that is no GraphQL is reported by its status', async () => {
  const { client } = clientOf([502, 'Bad gateway', 'text/html'])
  await expect(client.ask(DOCUMENT)).rejects.toMatchObject({ constructor: HttpError, status: 502 })
})

test('an answer is waited for 10 s', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  await clientOf([200, { data: { viewer: 'me' } }]).client.ask(DOCUMENT)
  expect(timeout.mock.calls).toEqual([[10_000]])
})
