import { expect, test } from 'vitest'
import { checkFormat, STORE_FORMATS } from './metadata.ts'

test('a store is refused that a newer version wrote, or one too old, and the error says what to do', () => {
  const formats = { oldest: 2, newest: 3 }
  expect(() => checkFormat(2, formats)).not.toThrow()
  expect(() => checkFormat(3, formats)).not.toThrow()
  expect(() => checkFormat(4, formats)).toThrow(
    /has format 4, which a newer version.*works on formats 2 to 3/,
  )
  expect(() => checkFormat(1, formats)).toThrow(/has format 1, which is too old.*versions in between/)
  expect(() => checkFormat(Number.NaN, formats)).toThrow(/too old/)
  expect(() => checkFormat(2, { oldest: 1, newest: 1 })).toThrow(/works on format 1\./)
})

test('this build works on what it writes, and on what the build before wrote', () => {
  expect(STORE_FORMATS).toEqual({ oldest: 1, newest: 2 })
})
