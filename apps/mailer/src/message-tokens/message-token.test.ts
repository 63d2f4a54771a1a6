import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { readMessageToken, writeMessageToken } from './message-token.ts'

const secret = randomBytes(32)
const ring = createKeyRing([secret])
const sent = { digest: 'A'.repeat(32), tenantId: 'demo', email: 'ada@example.com' }
const token = writeMessageToken(ring.keys[0], sent)

test('a token counts for the address that it was given out for, however that is written', () => {
  const read = { digest: sent.digest, tenantId: 'demo' }
  expect(readMessageToken(ring, token, 'ada@example.com')).toEqual(read)
  expect(readMessageToken(ring, token, 'Ada@EXAMPLE.com')).toEqual(read)
  expect(readMessageToken(ring, token, 'eve@example.com')).toBeUndefined()
})

test('it still counts after a rotation, and no more when its key has left the ring', () => {
  expect(readMessageToken(createKeyRing([randomBytes(32), secret]), token, sent.email)).toBeDefined()
  expect(readMessageToken(createKeyRing([randomBytes(32)]), token, sent.email)).toBeUndefined()
})

test('one altered character anywhere, another tenant or a cut makes it worthless', () => {
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'x' ? 'y' : 'x'
    expect(
      readMessageToken(ring, token.slice(0, at) + other + token.slice(at + 1), sent.email),
    ).toBeUndefined()
    expect(readMessageToken(ring, token.slice(0, at), sent.email)).toBeUndefined()
  }
  expect(readMessageToken(ring, token.replace('.demo', '.admin'), sent.email)).toBeUndefined()
  expect(readMessageToken(ring, `${token}\n`, sent.email)).toBeUndefined()
})
