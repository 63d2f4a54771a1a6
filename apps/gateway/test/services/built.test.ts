import { readFileSync } from 'node:fs'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { sharedEnv, startGateway, startPersistence, type TestService } from '@emailauth/testing/services'
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'

let redis: TestRedis
let env: ReturnType<typeof sharedEnv>
let persistence: TestService
const gateways: TestService[] = []

beforeAll(async () => {
  redis = await startRedis()
  env = sharedEnv(redis.url)
  persistence = await startPersistence({ env })
})
afterAll(async () => {
  await Promise.all([...gateways, persistence].map((service) => service.stop()))
  await redis.stop()
})

/** The bundle, with persistence also as the mailer: here it is only asked whether it is ready. */
async function start(nodeEnv: string): Promise<TestService> {
  const urls = { EMAILAUTH_PERSISTENCE_URL: persistence.url, EMAILAUTH_MAILER_URL: persistence.url }
  const gateway = await startGateway({ env: { ...env, ...urls, NODE_ENV: nodeEnv } })
  gateways.push(gateway)
  return gateway
}

async function introspect(gateway: TestService) {
  const reply = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true }) }),
  })
  return (await reply.json()) as {
    data?: Parameters<typeof buildClientSchema>[0]
    errors?: { message: string }[]
  }
}

test('the bundle serves the committed schema: no name was changed on the way', async () => {
  const { data } = await introspect(await start('development'))
  const committed = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  if (data === undefined) throw new Error('no answer')
  const print = (schema: ReturnType<typeof buildSchema>) => printSchema(lexicographicSortSchema(schema))
  expect(print(buildClientSchema(data))).toBe(print(committed))
})

test('in production nobody may ask for the schema', async () => {
  const { data, errors } = await introspect(await start('production'))
  expect(data).toBeUndefined()
  expect(errors?.[0]?.message).toContain('introspection is not allowed')
})
