import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { parseBounceAddress } from '../bounces/bounce-address.ts'
import { readBase32, writeBase32 } from './base32.ts'
import {
  BOUNCE_LOCAL_MAX,
  digestOfReturnToken,
  isBounceRecipient,
  isReturnTokenOf,
  tokenOfReturnPath,
  writeReturnPath,
} from './return-path.ts'

const ring = createKeyRing([randomBytes(32)])
const sent = { digest: `${'Az09_-'.repeat(5)}AB`, tenantId: 'demo', email: 'ada@example.com' }
const path = writeReturnPath('bounces@acme.example', ring.keys[0], sent)

test('a return path has room in a local part, with the longest tenant id and bounce address', () => {
  const bounceAddress = `${'b'.repeat(BOUNCE_LOCAL_MAX)}@acme.example`
  const long = writeReturnPath(bounceAddress, ring.keys[0], { ...sent, tenantId: 't'.repeat(63) })
  expect(long.indexOf('@')).toBe(64)
  expect(path).toMatch(/^bounces\+[a-z2-7]{52}@acme\.example$/)
  expect(parseBounceAddress(bounceAddress)).toBe(bounceAddress)
  for (const bad of [`b${bounceAddress}`, 'a+b@acme.example', 'bounces'])
    expect(() => parseBounceAddress(bad)).toThrow(/^must /)
})

test.each([path, path.toUpperCase(), path.toLowerCase()])('%s names its message and address', (given) => {
  const token = tokenOfReturnPath(given) ?? ''
  expect(digestOfReturnToken(token)).toBe(sent.digest)
  expect(isReturnTokenOf(ring, token, sent)).toBe(true)
  expect(isReturnTokenOf(ring, token, { ...sent, email: 'ADA@example.com' })).toBe(true)
  expect(isReturnTokenOf(ring, token, { ...sent, email: 'eve@example.com' })).toBe(false)
  expect(isReturnTokenOf(ring, token, { ...sent, tenantId: 'other' })).toBe(false)
  expect(isReturnTokenOf(createKeyRing([randomBytes(32)]), token, sent)).toBe(false)
})

test('one altered character makes it worthless', () => {
  const token = tokenOfReturnPath(path) ?? ''
  for (let at = 0; at < token.length; at++) {
    const altered = token.slice(0, at) + (token[at] === 'x' ? 'y' : 'x') + token.slice(at + 1)
    const digest = digestOfReturnToken(altered)
    expect(digest !== undefined && isReturnTokenOf(ring, altered, { ...sent, digest })).toBe(false)
  }
})

test('only mail to the bounce address and its return paths is let in', () => {
  for (const to of ['bounces@acme.example', 'Bounces@ACME.example', path, path.toUpperCase()])
    expect(isBounceRecipient('bounces@acme.example', to)).toBe(true)
  for (const to of [
    'ada@acme.example',
    'bounces@other.example',
    'bounces+news@acme.example',
    path.replace('acme', 'other'),
    path.replace('bounces', 'sales'),
    `x${path}`,
    '',
  ])
    expect(isBounceRecipient('bounces@acme.example', to)).toBe(false)
})

test('base32 is that of RFC 4648', () => {
  expect(writeBase32(Buffer.from('foobar'))).toBe('mzxw6ytboi')
  expect(readBase32('MZXW6YTBOI')?.toString()).toBe('foobar')
  for (const bad of ['mzxw6ytbo1', 'a', 'mzxw6ytboj']) expect(readBase32(bad)).toBeUndefined()
})
