import { generateApiKey } from '@emailauth/secrets/api-key'
import { serverAudits } from 'graphql-http'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildGateway } from '../../src/app.ts'
import { anApiKey } from '../access/an-api-key.ts'
import { startScriptedService } from '../services/scripted-service.ts'

const { key } = generateApiKey()
let url: string
let stop: () => Promise<void>
beforeAll(async () => {
  const service = await startScriptedService(({ url: path }, response) => {
    if (path !== '/v1/api-keys/authenticate') return response.end('{}')
    return response.end(JSON.stringify(anApiKey()))
  })
  const app = await buildGateway({
    persistenceUrl: service.url,
    mailerUrl: service.url,
    serviceToken: 't'.repeat(32),
    adminFolder: '/nonexistent',
    logger: pino({ level: 'silent' }),
    // The audit asks for the schema.
    production: false,
  })
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`
  stop = async () => {
    await app.close()
    await service.stop()
  }
})
afterAll(() => stop())

const fetchFn: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...(init?.headers as object), authorization: `Bearer ${key}` } })

test('the GraphQL-over-HTTP audit finds no error and gives neither notice nor warning', async () => {
  const results = await Promise.all(serverAudits({ url, fetchFn }).map(({ fn }) => fn()))
  expect(results.length).toBeGreaterThan(50)
  expect(results.filter(({ status }) => status !== 'ok')).toEqual([])
})

const BOTH = 'application/graphql-response+json, application/json'
test.each([
  ['a document that ends early', { query: '{' }, 200],
  ['an unknown field', { query: '{ nothing }' }, 200],
  ['too many aliases', { query: `{ ${'abcdefghijklmnopqrst'.replace(/./g, '$&: __typename ')} }` }, 200],
  ['a variable of another type', { query: 'query ($n: Int!) { __typename @skip(if: $n) }' }, 200],
  ['an operation that is not there', { query: '{ __typename }', operationName: 'x' }, 200],
  ['no document', {}, 400],
  ['a document that is no text', { query: 1 }, 400],
  ['two requests', [{ query: '{ __typename }' }], 400],
  ['no JSON', '{', 400],
])('%s: the status for who prefers application/json; 400 for others', async (_what, given, status) => {
  const body = typeof given === 'string' ? given : JSON.stringify(given)
  const statusFor = async (accept: string) => {
    const headers = { 'content-type': 'application/json', accept }
    const reply = await fetchFn(url, { method: 'POST', headers, body })
    expect(await reply.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    return reply.status
  }
  expect([await statusFor('application/json'), await statusFor(BOTH), await statusFor('*/*')]).toEqual([
    status,
    400,
    400,
  ])
})

test('a caller without a key gets 401 whatever it accepts', async () => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const body = JSON.stringify({ query: '{ viewer { scope } }' })
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(401)
})
