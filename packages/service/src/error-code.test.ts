import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCode } from './error-code.ts'

test('an error of the system has a code, others and what is no error have none', () => {
  let missing: unknown
  try {
    readFileSync('/no/such/file')
  } catch (error) {
    missing = error
  }
  expect(errorCode(missing)).toBe('ENOENT')
  expect(errorCode(new Error('no code'))).toBeUndefined()
  expect(errorCode(Object.assign(new Error('a number'), { code: 7 }))).toBeUndefined()
  expect(errorCode({ code: 'ENOENT' })).toBeUndefined()
  expect(errorCode(undefined)).toBeUndefined()
})
