import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { followSignal } from './follow-signal.ts'

test('a controller follows a signal, at once when that has aborted, until it is told not to', () => {
  const [outer, inner, later, freed] = Array.from({ length: 4 }, () => new AbortController())
  if (!outer || !inner || !later || !freed) throw new Error('four are made')
  followSignal(inner, outer.signal)
  followSignal(freed, outer.signal)()
  expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1)
  outer.abort('the end')
  followSignal(later, outer.signal)
  expect([inner, later, freed].map(({ signal }) => signal.reason)).toEqual(['the end', 'the end', undefined])
})
