import { expect, test } from 'vitest'
import { packIdentity, unpackIdentity } from './identity-bytes.ts'

test('an id takes the bytes that its base64url stands for', () => {
  const id = 'demo.AAECAwQFBgcICQoLDA0ODxA'
  expect(packIdentity(id).toString('latin1')).toBe(
    '\0\x04demo\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10',
  )
  expect(unpackIdentity(packIdentity(id))).toBe(id)
})

test.each(['demo.1', 'without-a-dot', 'a.b.AAAA', 'demo.AAB', 'démo.AAAA', `${'a'.repeat(256)}.AAAA`, 'x.'])(
  'every id is read as it was written, also one of another form: %s',
  (id) => {
    expect(unpackIdentity(packIdentity(id))).toBe(id)
  },
)
