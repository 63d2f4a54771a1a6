import { expect, test } from 'vitest'
import type { Event, Operation } from './history.ts'
import { isLinearizable } from './linearizable.ts'

const at = (invokedAt: number, returnedAt: number, event: Event): Operation => ({
  event,
  invokedAt,
  returnedAt,
})
const register = (made: string, replaced: string | null = null): Event => ({
  kind: 'register',
  made,
  replaced,
})
const verify = (target: string, won: boolean, fits = true): Event => ({ kind: 'verify', target, fits, won })

test.each<[string, Operation[]]>([
  ['nothing happened', []],
  [
    'one after the other',
    [at(0, 1, register('a')), at(2, 3, verify('a', true)), at(4, 5, verify('a', false))],
  ],
  [
    'two verifies at once, one wins',
    [at(0, 1, register('a')), at(2, 5, verify('a', false)), at(3, 4, verify('a', true))],
  ],
  [
    'two registers at once, in the order of their replies',
    [at(0, 9, register('b', 'a')), at(1, 8, register('a')), at(10, 11, verify('b', true))],
  ],
  ['an answer that came late', [at(0, 9, register('a')), at(5, 6, verify('a', true))]],
  [
    'a number that expires while it is asked for',
    [
      at(0, 1, register('a')),
      at(5, 9, verify('a', false)),
      at(6, 8, { kind: 'expire', target: 'a' }),
      at(10, 11, register('b')),
    ],
  ],
])('%s: linearizable', (_name, history) => {
  expect(isLinearizable(history)).toBe(true)
  expect(isLinearizable([...history].reverse())).toBe(true)
})

test.each<[string, Operation[]]>([
  ['two winners', [at(0, 1, register('a')), at(2, 5, verify('a', true)), at(3, 4, verify('a', true))]],
  ['a winner without a number', [at(0, 1, verify('a', true))]],
  [
    'a replaced number wins',
    [at(0, 1, register('a')), at(2, 3, register('b', 'a')), at(4, 5, verify('a', true))],
  ],
  [
    'a replaced number wins beside the new one',
    [
      at(0, 1, register('a')),
      at(2, 3, register('b', 'a')),
      at(4, 9, verify('a', true)),
      at(4, 9, verify('b', true)),
    ],
  ],
  ['a replacement that no reply names', [at(0, 1, register('a')), at(2, 3, register('b'))]],
  ['a live number is refused', [at(0, 1, register('a')), at(2, 3, verify('a', false))]],
  ['a number wins beside a wrong address', [at(0, 1, register('a')), at(2, 3, verify('a', true, false))]],
  [
    'a revoked number wins',
    [
      at(0, 1, register('a')),
      at(2, 3, { kind: 'remove', target: 'a', removed: true }),
      at(4, 5, verify('a', true)),
    ],
  ],
  [
    'an expired number wins',
    [at(0, 1, register('a')), at(2, 3, { kind: 'expire', target: 'a' }), at(4, 5, verify('a', true))],
  ],
  [
    'a used number is mailed again',
    [
      at(0, 1, register('a')),
      at(2, 3, verify('a', true)),
      at(4, 5, { kind: 'resend', target: 'a', found: true }),
    ],
  ],
])('%s: a violation', (_name, history) => {
  expect(isLinearizable(history)).toBe(false)
})
