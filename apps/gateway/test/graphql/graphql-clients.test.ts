import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client/core'
import { fetchExchange, Client as UrqlClient } from '@urql/core'
import { assertInterfaceType, buildSchema } from 'graphql'
import { GraphQLClient } from 'graphql-request'
import { createClient as createWsClient } from 'graphql-ws'
import {
  type ConcreteRequest,
  Environment,
  type FetchFunction,
  fetchQuery,
  type GraphQLResponse,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { freshAddress, numberMailedTo, REGISTER, startWorld, VERIFY, type World } from '../world.ts'

// Each client as its documentation sets it up, with an API key and nothing else.
let world: World
let url: string
let headers: { authorization: string }
beforeAll(async () => {
  world = await startWorld()
  url = `${await world.app.listen({ host: '127.0.0.1', port: 0 })}/graphql`
  headers = { authorization: `Bearer ${world.key}` }
})
afterAll(() => world?.stop())

const WHO = 'query Who { viewer { scope tenant { id } } }'
const viewer = { scope: 'TENANT', tenant: { id: 'demo' } }

test('urql: queries by GET, mutations, and errors that it can read', async () => {
  const client = new UrqlClient({ url, exchanges: [fetchExchange], fetchOptions: { headers } })
  const asked: string[] = []
  const watched = new UrqlClient({
    url,
    exchanges: [fetchExchange],
    fetchOptions: { headers },
    fetch: (input, init) => {
      asked.push(init?.method ?? 'GET')
      return fetch(input, init)
    },
  })
  expect((await client.query(WHO, {}).toPromise()).data).toMatchObject({ viewer })
  expect((await watched.query(WHO, {}).toPromise()).data).toMatchObject({ viewer })
  expect(asked).toEqual(['GET'])
  const input = { email: freshAddress(), token: 'urql' }
  const { data } = await client.mutation(REGISTER, { input }).toPromise()
  expect(data.register.__typename).toBe('Registered')
  const number = numberMailedTo(world.smtp.mails, input.email)
  const verified = await client.mutation(VERIFY, { input: { number } }).toPromise()
  expect(verified.data.verify.token).toBe('urql')
  const wrong = await client.query('query Q { nothing }', {}).toPromise()
  expect(wrong.error?.graphQLErrors[0]?.extensions.code).toBe('BAD_USER_INPUT')
})

test.each(['POST', 'GET'] as const)('graphql-request by %s', async (method) => {
  const client = new GraphQLClient(url, { headers, method })
  expect(await client.request(WHO)).toEqual({ viewer })
  const error = await client.request('query Q { nothing }').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    response: { status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  })
})

test.each([false, true])('Apollo Client, queries by GET: %s', async (useGETForQueries) => {
  const link = new HttpLink({ uri: url, headers, useGETForQueries })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const { data } = await client.query({ query: apolloGql(WHO) })
  expect(data).toMatchObject({ viewer })
  const input = { email: freshAddress(), token: 'apollo' }
  const made = await client.mutate<{ register: { __typename: string } }>({
    mutation: apolloGql`
      mutation ($input: RegisterInput!) {
        register(input: $input) {
          __typename
        }
      }
    `,
    variables: { input },
  })
  expect(made.data?.register.__typename).toBe('Registered')
  client.stop()
})

test('Apollo Client reads `... on Problem` once it knows the possible types, as the page on GraphQL says', async () => {
  const sdl = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  const problem = assertInterfaceType(sdl.getType('Problem'))
  const possibleTypes = { Problem: sdl.getPossibleTypes(problem).map(({ name }) => name) }
  const messageWith = async (cache: InMemoryCache) => {
    const client = new ApolloClient({ link: new HttpLink({ uri: url, headers }), cache })
    const mutation = apolloGql`
      mutation {
        verify(input: { number: "000011112222" }) {
          __typename
          ... on Problem {
            message
          }
        }
      }
    `
    const { data } = await client.mutate<{ verify: { __typename: string; message?: string } }>({ mutation })
    client.stop()
    return data?.verify
  }
  expect(await messageWith(new InMemoryCache({ possibleTypes }))).toEqual({
    __typename: 'WrongCredentials',
    message: expect.stringContaining('not valid'),
  })
  // What the page warns of. If Apollo Client finds out by itself one day, the page need not say it.
  expect(await messageWith(new InMemoryCache())).toEqual({ __typename: 'WrongCredentials' })
})

test("Relay's network layer", async () => {
  // What a Relay app writes itself; the compiler makes the request out of a document.
  const fetchFn: FetchFunction = async ({ text, name }, variables) => {
    const reply = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
      },
      body: JSON.stringify({ query: text, operationName: name, variables }),
    })
    return (await reply.json()) as GraphQLResponse
  }
  const environment = new Environment({
    network: Network.create(fetchFn),
    store: new Store(new RecordSource()),
  })
  const tenant: Selection = {
    alias: null,
    args: null,
    concreteType: 'Tenant',
    kind: 'LinkedField',
    name: 'tenant',
    plural: false,
    selections: [scalar('id')],
    storageKey: null,
  }
  const selections: Selection[] = [
    {
      alias: null,
      args: null,
      concreteType: 'Viewer',
      kind: 'LinkedField',
      name: 'viewer',
      plural: false,
      selections: [scalar('scope'), tenant],
      storageKey: null,
    },
  ]
  const request: ConcreteRequest = {
    kind: 'Request',
    fragment: {
      argumentDefinitions: [],
      kind: 'Fragment',
      metadata: null,
      name: 'Who',
      selections,
      type: 'Query',
    },
    operation: { argumentDefinitions: [], kind: 'Operation', name: 'Who', selections },
    params: { id: null, cacheID: 'who', metadata: {}, name: 'Who', operationKind: 'query', text: WHO },
  }
  const data = await fetchQuery(environment, request, {}).toPromise()
  expect(data).toMatchObject({ viewer })
})

/** What Relay's compiler writes into a request twice: to read from its store, and to write to it. */
type Selection = ConcreteRequest['fragment']['selections'][number] &
  ConcreteRequest['operation']['selections'][number]
const scalar = (name: string): Selection => ({
  alias: null,
  args: null,
  kind: 'ScalarField',
  name,
  storageKey: null,
})

test.each([
  ['authorization', (bearer: string) => ({ authorization: bearer })],
  ['Authorization', (bearer: string) => ({ Authorization: bearer })],
  ['headers.Authorization', (bearer: string) => ({ headers: { Authorization: bearer } })],
  ['headers.authorization', (bearer: string) => ({ headers: { authorization: bearer } })],
])('graphql-ws with %s in connection_init', async (_where, params) => {
  const client = createWsClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: params(headers.authorization),
    retryAttempts: 0,
  })
  const query = 'subscription S { events(after: "0") { type } } query Q { viewer { scope } }'
  const events = client.iterate<{ events: { type: string } }>({ query, operationName: 'S' })
  await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: REGISTER, variables: { input: { email: freshAddress(), token: 't' } } }),
  })
  const first = await events.next()
  expect(first.value?.data?.events.type).toEqual(expect.any(String))
  await events.return?.()
  await client.dispose()
})

const PYTHON = `
import json, sys, requests
url, key = sys.argv[1], sys.argv[2]
session = requests.Session()
session.headers["Authorization"] = "Bearer " + key
query = "{ viewer { scope tenant { id } } }"
by_post = session.post(url, json={"query": query, "operationName": ""})
by_get = session.get(url, params={"query": query, "variables": "{}"})
rest = session.post(url.replace("/graphql", "/v1/verifications"), json={"number": "000000000000"})
print(json.dumps([by_post.status_code, by_post.json(), by_get.status_code, by_get.json(), rest.status_code]))
`

test("Python's requests", async (context) => {
  const run = promisify(execFile)
  const isThere = await run('python3', ['-c', 'import requests']).then(
    () => true,
    () => false,
  )
  if (!isThere) return context.skip('python3-requests is not installed')
  const { stdout } = await run('python3', ['-c', PYTHON, url, world.key])
  expect(JSON.parse(stdout)).toEqual([200, { data: { viewer } }, 200, { data: { viewer } }, 404])
})
