import { expect, test } from 'vitest'
import { readState } from './view.ts'

test.each([
  ['', 'SENT'],
  ['state=DEFERRED', 'DEFERRED'],
  ['state=LOST', 'SENT'],
])('%j shows %s', (search, state) => {
  expect(readState(new URLSearchParams(search))).toBe(state)
})
