import { expect, test } from 'vitest'
import { actLine } from './act-line.ts'

const act = {
  lane: '*s',
  entry: 7,
  tenantId: null,
  actor: { kind: 'admin', id: 'ada@example.com' },
} as const

test('the log line of an act names what was ended, and neither an address nor what people typed', () => {
  const common = { lane: '*s', entry: 7, tenantId: null, by: 'admin' }
  expect(actLine({ ...act, type: 'key.revoked', target: 'abcdefghijkl' })).toEqual({
    ...common,
    type: 'key.revoked',
    target: 'abcdefghijkl',
  })
  for (const type of ['key.created', 'passkey.created', 'suppression.added'] as const)
    expect(actLine({ ...act, type, target: 'typed' })).toEqual({ ...common, type })
})
