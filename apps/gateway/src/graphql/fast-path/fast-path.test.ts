import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../../schema.ts'
import { createFastPath } from './fast-path.ts'

const QUERY = 'mutation V($input: VerifyInput!) { verify(input: $input) { __typename } }'
const variables = { input: { number: '123456789012' } }

/** A fast path that knows one document, and what it answers to a body. */
async function knowing(query: string) {
  const metrics = { plugin: {}, observe() {} }
  const fastPath = createFastPath({ schema: buildGatewaySchema(), metrics, logFault() {} })
  const listener = await fastPath.plugin.requestDidStart?.({} as never)
  await listener?.didResolveOperation?.({ source: query, document: parse(query) } as never)
  const outcome = { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS', message: 'no' }
  const context = {
    requestId: 'r',
    caller: { scope: 'tenant', apiKeyId: 'k', tenantId: 'demo' },
    services: { verifications: { verify: async () => outcome }, countOutcome: (_: string, it: object) => it },
  }
  return (body: object, headers: object = {}) => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
    return fastPath.answer(request as never, () => context as never)
  }
}

const ANSWER = '{"data":{"verify":{"__typename":"WrongCredentials"}}}\n'

test('what clients send all day goes the short way: with the name of the operation, in either media type', async () => {
  const answer = await knowing(QUERY)
  for (const operationName of [undefined, null, '', 'V'])
    expect(await answer({ query: QUERY, variables, operationName })).toBe(ANSWER)
  for (const accept of ['*/*', 'application/json', 'application/graphql-response+json'])
    expect(await answer({ query: QUERY, variables }, { accept })).toBe(ANSWER)
})

test('everything else is for Apollo', async () => {
  const answer = await knowing(QUERY)
  for (const more of [{ operationName: 'W' }, { operationName: 5 }, { extensions: {} }, { variables: [] }])
    expect(await answer({ query: QUERY, variables, ...more })).toBeUndefined()
  expect(await answer({ query: `${QUERY} `, variables })).toBeUndefined()
  expect(await answer({ query: QUERY, variables }, { accept: 'text/html' })).toBeUndefined()
  expect(await answer({ query: QUERY, variables }, { 'content-type': 'text/plain' })).toBeUndefined()
})

test('a document of 4,096 characters is remembered, a longer one is not', async () => {
  const longest = `${QUERY}#`.padEnd(4096, 'x')
  for (const [query, answered] of [
    [longest, ANSWER],
    [`${longest}x`, undefined],
  ] as const) {
    const answer = await knowing(query)
    expect(await answer({ query, variables })).toBe(answered)
  }
})
