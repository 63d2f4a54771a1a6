import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../../schema.ts'
import { ANYTHING, workOf } from './field-cost.ts'

const queries = buildGatewaySchema().getQueryType()?.getFields() ?? {}

/** What each query costs where nothing is given, for a page of 200, and with whatever else may be given. */
const COSTS: Readonly<Record<string, readonly [alone: number, page: number, anything: number]>> = {
  apiKeyConnection: [112.5, 150, 150],
  apiKeys: [100, 100, 100],
  events: [12.5, 50, 500],
  identities: [12.5, 50, 500],
  messageCounts: [500, 500, 500],
  messages: [12.5, 50, 50],
  passkeyConnection: [112.5, 150, 150],
  passkeys: [100, 100, 100],
  sessionConnection: [112.5, 150, 150],
  sessions: [100, 100, 100],
  statistics: [400, 400, 400],
  suppressions: [12.5, 50, 50],
  system: [500, 500, 500],
  tenantConnection: [112.5, 150, 150],
  tenants: [100, 100, 100],
  webhookAttempts: [12.5, 50, 50],
  webhookEndpoint: [1, 1, 1],
  webhookEndpointConnection: [12.5, 50, 50],
  webhookEndpoints: [20, 20, 20],
}

test('what the queries cost', () => {
  const found = Object.entries(queries).flatMap(([name, field]) => {
    const work = workOf(field)
    if (work === undefined) return []
    const page = (argument: string) => (argument === 'first' ? 200 : undefined)
    return [[name, [work(() => undefined), work(page), work(() => ANYTHING)]]]
  })
  expect(Object.fromEntries(found)).toEqual(COSTS)
})
