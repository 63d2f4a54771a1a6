import type { System } from '../systems/system.ts'
import type { LoadJob } from './load.ts'
import { type Person, TOKEN } from './people.ts'

export type Job = Omit<LoadJob, 'connections' | 'mostSeconds'>

// The fields that a client of the SDK asks for.
const PROBLEM = '... on Problem { code message } ... on RateLimited { limit retryAfterSeconds }'
const VERIFY = `mutation Verify($input: VerifyInput!) { verify(input: $input) { __typename ... on Verified { identityId email token registeredAt } ${PROBLEM} } }`
const REGISTER = `mutation Register($input: RegisterInput!) { register(input: $input) { __typename ... on Registered { identityId email expiresAt delivery replaced } ${PROBLEM} } }`

/** Trades each number for its token, through the gateway. */
export function verifyJob(
  { gatewayPort, apiKey }: Pick<System, 'gatewayPort' | 'apiKey'>,
  numbers: readonly string[],
  people: readonly Person[],
): Job {
  return {
    ...graphqlJob(gatewayPort, apiKey, VERIFY),
    values: numbers.map((number, i) => JSON.stringify({ number, clientIp: people[i]?.clientIp })),
    expect: `"token":"${TOKEN}"`,
  }
}

/** Registers each person and mails the number, through the gateway. */
export function registerJob(
  { gatewayPort, apiKey }: Pick<System, 'gatewayPort' | 'apiKey'>,
  people: readonly Person[],
): Job {
  return {
    ...graphqlJob(gatewayPort, apiKey, REGISTER),
    values: people.map((person) => JSON.stringify({ ...person, token: TOKEN })),
    expect: '"delivery":"SENT"',
  }
}

/** Trades each key for its value at the yardstick. */
export function yardstickJob({ yardstickPort }: System, keys: readonly string[]): Job {
  return {
    port: yardstickPort,
    path: '/',
    headers: '',
    before: '{"key":',
    after: '}',
    values: keys.map((key) => JSON.stringify(key)),
    expect: `"value":"${TOKEN}"`,
  }
}

function graphqlJob(port: number, apiKey: string, query: string) {
  return {
    port,
    path: '/graphql',
    headers: `authorization: Bearer ${apiKey}\r\n`,
    before: `{"query":${JSON.stringify(query)},"variables":{"input":`,
    after: '}}',
  }
}
