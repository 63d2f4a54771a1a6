import { expect, test } from 'vitest'
import { readReason, readState } from './view.ts'

test.each([
  ['', undefined],
  ['state=DEFERRED', 'DEFERRED'],
  ['state=LOST', undefined],
])('%j shows %s', (search, state) => {
  expect(readState(new URLSearchParams(search))).toBe(state)
})

test.each([
  ['state=DEFERRED&reason=BLOCKED', 'BLOCKED'],
  ['state=DEFERRED&reason=BAD_LUCK', undefined],
  ['state=SENT&reason=BLOCKED', undefined],
  ['state=DEFERRED', undefined],
  ['reason=BLOCKED', undefined],
])('%j is filtered by %s', (search, reason) => {
  expect(readReason(new URLSearchParams(search))).toBe(reason)
})
