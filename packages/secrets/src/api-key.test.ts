import { expect, test } from 'vitest'
import { generateApiKey, parseApiKey } from './api-key.ts'

test('a generated key parses back', () => {
  for (let i = 0; i < 200; i++) {
    const { key, keyId, secret } = generateApiKey()
    expect(parseApiKey(key)).toEqual({ keyId, secret, test: false })
    expect(key).toMatch(/^ea_[0-9a-z]{12}_/)
  }
})

test('a key with one wrong character is refused without a look-up', () => {
  const { key } = generateApiKey()
  for (let at = 3; at < key.length; at++) {
    const other = key[at] === 'a' ? 'b' : 'a'
    expect(parseApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined()
  }
})

test.each(['', 'ea_', 'Bearer x', `${generateApiKey().key} `, `${generateApiKey().key}\n`, '{}*:'])(
  '%j is no key',
  (key) => {
    expect(parseApiKey(key)).toBeUndefined()
  },
)

test("a test tenant's key says so, and cannot be made to look like another", () => {
  const { key, keyId, secret } = generateApiKey(true)
  expect(key).toMatch(/^ea_test_[0-9a-z]{12}_/)
  expect(parseApiKey(key)).toEqual({ keyId, secret, test: true })
  expect(parseApiKey(key.replace('ea_test_', 'ea_'))).toBeUndefined()
  expect(parseApiKey(generateApiKey().key.replace('ea_', 'ea_test_'))).toBeUndefined()
})
