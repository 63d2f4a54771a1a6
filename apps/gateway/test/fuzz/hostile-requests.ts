import fc from 'fast-check'
import { hostileDocument } from './hostile-documents.ts'

/** A request that nobody means well with. */
export interface HostileRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | null
}

const JSON_HEADERS = { 'content-type': 'application/json' }
const post = (body: string | Buffer, headers: Record<string, string> = {}): HostileRequest => ({
  method: 'POST',
  path: '/graphql',
  headers: { ...JSON_HEADERS, ...headers },
  body,
})

const text = fc.string({ unit: 'binary', maxLength: 300 })
const odd = fc.oneof(
  text,
  fc.double(),
  fc.bigInt().map(String),
  fc.constantFrom(null, true, '', '\r\nX: y', '\u0000', '\u202e', '💣'.repeat(2000), '9'.repeat(3000)),
  fc.integer({ min: 1, max: 3000 }).map((depth) => ({ deep: depth })),
)

/** JSON text of a value; `deep` stands for so many nested arrays, which no object of a test should be. */
const toJson = (value: unknown): string =>
  JSON.stringify(value)?.replace(
    /\{"deep":(\d+)\}/g,
    (_, depth) => '['.repeat(Number(depth)) + ']'.repeat(Number(depth)),
  ) ?? 'null'

const OPERATIONS = [
  ['mutation ($i: RegisterInput!) { register(input: $i) { __typename } }', 'i'],
  ['mutation ($i: VerifyInput!) { verify(input: $i) { __typename } }', 'i'],
  ['mutation ($i: ResendInput!) { resend(input: $i) { __typename } }', 'i'],
  ['query ($i: IdentityFilter) { identities(filter: $i) { totalCount } }', 'i'],
  ['query ($i: ID!) { identity(id: $i) { id } }', 'i'],
  ['query ($i: Int!) { identities(first: $i) { totalCount } }', 'i'],
  ['mutation ($i: ID!) { revokeIdentity(id: $i) }', 'i'],
] as const
const inputFields = [
  'email',
  'token',
  'number',
  'identityId',
  'clientIp',
  'locale',
  'idempotencyKey',
  'x',
  '__proto__',
]

const goodOperationWithOddInput = fc
  .tuple(fc.constantFrom(...OPERATIONS), fc.oneof(odd, fc.dictionary(fc.constantFrom(...inputFields), odd)))
  .map(([[query, name], value]) => post(toJson({ query, variables: { [name]: value } })))

const whole = hostileDocument.map((query) => post(toJson({ query })))

const cut = fc
  .tuple(hostileDocument, fc.nat(2000))
  .map(([query, at]) => post(JSON.stringify({ query, variables: { a: 1 } }).slice(0, at)))

const bytes = fc
  .tuple(hostileDocument, fc.uint8Array({ maxLength: 40 }), fc.nat(200))
  .map(([query, noise, at]) => {
    const body = Buffer.from(JSON.stringify({ query }))
    return post(Buffer.concat([body.subarray(0, at), noise, body.subarray(at)]))
  })

const mediaTypes = fc.constantFrom(
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/graphql', ''],
  ...['application/json; charset=utf-16', 'application/json;;;', 'application/json, text/plain', 'a/b; c="'],
)
const accepts = fc.constantFrom(
  '',
  'text/html',
  '*/*;q=0',
  'application/graphql-response+json',
  ',,,;;q=,',
  '*',
)
const wrongMedia = fc
  .tuple(hostileDocument, mediaTypes, accepts, fc.constantFrom('identity', 'gzip', 'br, br'))
  .map(([query, type, accept, encoding]) =>
    post(toJson({ query }), { 'content-type': type, accept, 'content-encoding': encoding }),
  )

const oddBody = fc
  .dictionary(
    fc.constantFrom('query', 'variables', 'operationName', 'extensions', 'documentId', 'id', '__proto__'),
    fc.oneof(odd, fc.array(odd, { maxLength: 5 }), fc.dictionary(text, odd, { maxKeys: 5 })),
  )
  .map((body) => post(toJson(body)))

const array = fc
  .array(hostileDocument, { maxLength: 4 })
  .map((all) => post(toJson(all.map((query) => ({ query })))))

const byGet = fc
  .tuple(hostileDocument, text, fc.boolean())
  .map(([query, variables, preflight]): HostileRequest => {
    const search = new URLSearchParams({ query: query.slice(0, 3000), variables }).toString()
    const headers: Record<string, string> = preflight ? { 'apollo-require-preflight': '1' } : {}
    return { method: 'GET', path: `/graphql?${search}&${'a=1&'.repeat(20)}`, headers, body: null }
  })

/** Any of them; documents are the largest part. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 8, arbitrary: whole },
  { weight: 3, arbitrary: goodOperationWithOddInput },
  { weight: 1, arbitrary: cut },
  { weight: 1, arbitrary: bytes },
  { weight: 1, arbitrary: wrongMedia },
  { weight: 1, arbitrary: oddBody },
  { weight: 1, arbitrary: array },
  { weight: 1, arbitrary: byGet },
)
