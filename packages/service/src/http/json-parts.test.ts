import { BODY_PARTS } from '@emailauth/contracts/body-limits'
import { expect, test } from 'vitest'
import { hasManyParts } from './json-parts.ts'

/** Longer than what is not counted. */
const LONG = 'x'.repeat(5000)
const hasMany = (json: string) => hasManyParts(Buffer.from(json))

test.each([
  ['items', (count: number) => `["${LONG}"${',0'.repeat(count - 1)}]`],
  ['keys', (count: number) => `{"":"${LONG}"${',"a":0'.repeat((count - 2) / 2)}}`],
  ['lists', (count: number) => `${'['.repeat(count)}"${LONG}"${']'.repeat(count)}`],
  ['objects', (count: number) => `${'{"a":'.repeat(count / 2)}"${LONG}"${'}'.repeat(count / 2)}`],
])('500 %s, two more are many', (_what, jsonOf) => {
  expect(() => JSON.parse(jsonOf(BODY_PARTS))).not.toThrow()
  expect(hasMany(jsonOf(BODY_PARTS))).toBe(false)
  expect(hasMany(jsonOf(BODY_PARTS + 2))).toBe(true)
})

test.each([',:[{', '\\"', '\\\\', '\\n,', '€,'])('a text is one part, whatever is in it: %s', (piece) => {
  const json = `{"a":"${piece.repeat(2000)}","b":"${LONG}"}`
  expect(() => JSON.parse(json)).not.toThrow()
  expect(hasMany(json)).toBe(false)
})

test('a short body is not counted', () => {
  const short = `[0${',0'.repeat(2000)}]`
  expect(hasMany(short)).toBe(false)
  expect(hasMany(short.padEnd(4096))).toBe(false)
  expect(hasMany(short.padEnd(4097))).toBe(true)
})
