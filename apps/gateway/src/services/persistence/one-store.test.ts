import { STORE_ID_HEADER } from '@emailauth/contracts/store-id'
import { expect, test } from 'vitest'
import { createOneStore, SEEN_FOR_MS } from './one-store.ts'

function watched() {
  let nowMs = 0
  const store = createOneStore(() => nowMs)
  return {
    pass: (ms: number) => {
      nowMs += ms
    },
    see: (...ids: readonly string[]) => {
      for (const id of ids) store.learn({ [STORE_ID_HEADER]: id })
    },
    learn: store.learn,
    check: () => {
      try {
        store.check()
        return 'one'
      } catch (error) {
        return error instanceof Error ? error.message : 'no error'
      }
    },
  }
}

test('one store, and one that takes the place of another for good, are no fault', () => {
  const { see, check, learn } = watched()
  learn({})
  expect(check()).toBe('one')
  see('a', 'a', 'b', 'b', 'c')
  expect(check()).toBe('one')
})

test('a store that comes back after another one is a fault, until a minute after the last time', () => {
  const { see, check, pass } = watched()
  see('a', 'b')
  pass(SEEN_FOR_MS - 1)
  see('a')
  expect(check()).toMatch(/different stores \(a, b\): set the same EMAILAUTH_REDIS_URL/)
  see('b')
  pass(SEEN_FOR_MS - 1)
  expect(check()).toMatch(/different stores/)
  pass(1)
  expect(check()).toBe('one')
})

test('a backup that is restored an hour after a new store was begun is no fault', () => {
  const { see, check, pass } = watched()
  see('a')
  pass(3_600_000)
  see('b')
  pass(SEEN_FOR_MS)
  see('a')
  expect(check()).toBe('one')
})

test('the last minute is 60 s', () => {
  expect(SEEN_FOR_MS).toBe(60_000)
})
