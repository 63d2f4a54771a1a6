import { expect, test } from 'vitest'
import type { Failure } from './failure.ts'
import { groupFailures } from './group-failures.ts'

test('every failed row is named, once for each kind of failure, with all request ids', () => {
  const failures = new Map<string, Failure>([
    ['a', { kind: 'persistence', requestId: 'r1' }],
    ['b', { kind: 'unreachable', requestId: undefined }],
    ['c', { kind: 'persistence', requestId: 'r2' }],
    ['d', { kind: 'persistence', requestId: undefined }],
    ['gone', { kind: 'forbidden', requestId: 'r3' }],
  ])
  const names: Record<string, string> = { a: 'ada', b: 'bob', c: 'cleo', d: 'ada' }
  expect(groupFailures(failures, (id) => names[id])).toEqual([
    { names: ['ada', 'cleo'], failure: { kind: 'persistence', requestId: 'r1, r2' } },
    { names: ['bob'], failure: { kind: 'unreachable', requestId: undefined } },
  ])
})
