import { generateApiKey } from '@emailauth/secrets/api-key'
import { serverAudits } from 'graphql-http'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildGateway } from '../src/app.ts'
import { anApiKey } from './an-api-key.ts'
import { startScriptedService } from './scripted-service.ts'

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

// Status 200 for a document that cannot be run, when JSON of any kind is accepted. Ours is 400, as Apollo's
// always was: monitoring sees it, and every client reads the errors all the same.
const KNOWN_WARNINGS = ['572B', '7B9B', 'FDE2']

test('the GraphQL-over-HTTP audit finds no error and gives no notice', async () => {
  const results = await Promise.all(serverAudits({ url, fetchFn }).map(({ fn }) => fn()))
  expect(results.length).toBeGreaterThan(50)
  const findings = results.flatMap((result) => (result.status === 'ok' ? [] : [result]))
  expect(findings.filter(({ status }) => status !== 'warn')).toEqual([])
  expect(findings.map(({ id }) => id).sort()).toEqual(KNOWN_WARNINGS)
})
