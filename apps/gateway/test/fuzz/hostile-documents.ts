import fc from 'fast-check'

const NAMES = [
  ...[
    'viewer',
    'identities',
    'identity',
    'tenants',
    'tenant',
    'apiKeys',
    'nodes',
    'edges',
    'node',
    'delivery',
  ],
  ...[
    'settings',
    'id',
    'scope',
    'state',
    'totalCount',
    'pageInfo',
    '__typename',
    '__schema',
    '__type',
    'types',
  ],
  ...['register', 'verify', 'resend', 'revokeIdentity', 'fields', 'ofType', 'nothing', 'on', 'fragment', 'é'],
]
const TYPES = [
  'Query',
  'Mutation',
  'Identity',
  'IdentityConnection',
  'Tenant',
  'Nothing',
  'Int',
  'Registered',
]
const name = fc.constantFrom(...NAMES)

const scalar = fc.oneof(
  fc.constantFrom(
    '1',
    '-0',
    '1e999',
    '0x1',
    '"x"',
    '"\\uD800"',
    '"""\\""""',
    '$v',
    'null',
    'true',
    'ENUM',
    '{}',
    '[]',
  ),
  fc.constantFrom('9'.repeat(400), `"${'x'.repeat(5000)}"`, '"💣\\u{1F4A3}"', '"\u0000"', '"\u202e"'),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text)),
  fc.integer().map(String),
)
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4 })
      .map((all) => `{${all.map((pair) => pair.join(':')).join(' ')}}`),
  ),
}))
const args = fc
  .array(fc.tuple(fc.constantFrom('first', 'after', 'id', 'input', 'filter', 'x'), value), { maxLength: 3 })
  .map((all) => (all.length === 0 ? '' : `(${all.map((pair) => pair.join(':')).join(' ')})`))
const directives = fc
  .array(fc.constantFrom('@skip(if: false)', '@include(if: $v)', '@defer', '@stream', '@x(y: 1)'), {
    maxLength: 3,
  })
  .map((all) => all.join(' '))
const alias = fc.option(
  fc.nat(30).map((n) => `a${n}: `),
  { nil: '' },
)

/** A document that looks valid: fields, arguments, directives and fragments in any order and depth. */
const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
  selections: fc
    .array(tie('selection'), { minLength: 1, maxLength: 6, depthIdentifier: 's' })
    .map((all) => `{ ${all.join(' ')} }`),
  selection: fc.oneof(
    { depthSize: 'medium', depthIdentifier: 's' },
    fc.tuple(alias, name, args, directives).map((parts) => parts.join('')),
    fc.constantFrom('...F0', '...F1', '...F2', '...Nowhere', '... on'),
    fc.tuple(alias, name, args, directives, tie('selections')).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom(...TYPES), directives, tie('selections'))
      .map(([type, all, set]) => `... on ${type} ${all} ${set}`),
  ),
}))
const likely = fc
  .tuple(
    fc.constantFrom(
      '',
      'query ',
      'mutation ',
      'subscription ',
      'query Q($v: Boolean = false) ',
      'query ($v: [[Int!]!]!) ',
    ),
    selections,
    fc.array(fc.tuple(fc.constantFrom(...TYPES), selections), { maxLength: 3 }),
  )
  .map(([head, body, fragments]) =>
    [head + body, ...fragments.map(([type, set], n) => `fragment F${n} on ${type} ${set}`)].join(' '),
  )

const count = (max: number) => fc.integer({ min: 1, max })
const times = (max: number, make: (n: number) => string) =>
  count(max).map((length) => Array.from({ length }, (_, n) => make(n)).join(' '))

const deep = fc
  .tuple(
    count(6000),
    fc.constantFrom('{a', '{ identities { nodes ', '{ viewer(x: [', '{ ... on Query ', '[', '{a(b:{c:'),
  )
  .map(([depth, open]) => open.repeat(Math.min(depth, Math.floor(60_000 / open.length))))
const closed = count(4000).map((depth) => `${'{ viewer '.repeat(depth)}${'}'.repeat(depth)}`)
const list = count(6000).map((depth) => `{ identity(id: ${'['.repeat(depth)}${']'.repeat(depth)}) { id } }`)

const fragmentWeb = fc
  .tuple(count(60), fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 200 }))
  .map(([size, edges]) => {
    const spreads = (n: number) =>
      edges.filter(([from]) => from % size === n).map(([, to]) => `...F${to % size}`)
    const fragments = Array.from(
      { length: size },
      (_, n) => `fragment F${n} on Query { __typename ${spreads(n).join(' ')} }`,
    )
    return `{ ...F0 } ${fragments.join(' ')}`
  })
const doubling = count(150).map(
  (links) =>
    `{ ...F0 } ${Array.from({ length: links }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')}`,
)

const floods = fc.oneof(
  times(4000, (n) => `a${n}: viewer { scope }`).map((all) => `{ ${all} }`),
  times(400, () => 'viewer { scope tenant { id } }').map((all) => `{ ${all} }`),
  times(3000, () => '@include(if: true)').map((all) => `{ viewer ${all} { scope } }`),
  times(900, (n) => `@x${n}`).map((all) => `query ${all} { viewer { scope } }`),
  times(2000, (n) => `$v${n}: Int`).map((all) => `query (${all}) { viewer { scope } }`),
  times(900, (n) => `x${n}: ${n}`).map((all) => `{ identities(${all}) { totalCount } }`),
  times(900, (n) => `query Q${n} { viewer { scope } }`),
  times(300, () => '__schema { types { name } }').map((all) => `{ ${all} }`),
  times(900, (n) => `viewe${n}`).map((all) => `{ ${all} }`),
  times(5000, () => ',#\n').map((all) => `${all}{ viewer { scope } }`),
)

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.string({ unit: 'grapheme', maxLength: 500 }),
  fc
    .tuple(fc.string({ unit: 'binary', maxLength: 20 }), likely, fc.nat(100))
    .map(([text, document, at]) => document.slice(0, at) + text + document.slice(at)),
)

/**
 * A hostile GraphQL document: deep, wide, circular, ill-formed or nearly valid. It fits into a request body.
 */
export const hostileDocument: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: likely },
    { weight: 1, arbitrary: deep },
    { weight: 1, arbitrary: closed },
    { weight: 1, arbitrary: list },
    { weight: 1, arbitrary: fragmentWeb },
    { weight: 1, arbitrary: doubling },
    { weight: 3, arbitrary: floods },
    { weight: 2, arbitrary: noise },
  )
  .map((document) => document.slice(0, 60_000))
