import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { digest } from './digest.ts'
import { createKeyRing, generateSecretKey, parseKeyRing, writeSecretKey } from './key-ring.ts'
import { deriveMailerRing, writeMailerKeys } from './mailer-ring.ts'
import { seal, UnsealError, unseal } from './seal.ts'

test('a key keeps its id and subkeys whatever its position in the ring', () => {
  const [a, b] = [randomBytes(32), randomBytes(32)]
  const before = createKeyRing([a])
  const after = createKeyRing([b, a])
  expect(after.keys[1]?.id).toEqual(before.keys[0].id)
  expect(after.keys[1]?.subkey('identity')).toEqual(before.keys[0].subkey('identity'))
  expect(after.byId(before.keys[0].id)).toBe(after.keys[1])
})

test('purposes have keys of their own, so a digest made for one says nothing for another', () => {
  const key = createKeyRing([randomBytes(32)]).keys[0]
  expect(digest(key, 'number', '123456', 12)).not.toEqual(digest(key, 'address', '123456', 12))
})

test.each([
  ['no secret', []],
  ['a short secret', [Buffer.alloc(31, 1)]],
  ['a long secret', [Buffer.alloc(33, 1)]],
  ['the same secret twice', [Buffer.alloc(32, 1), Buffer.alloc(32, 1)]],
])('%s is refused', (_name, secrets) => {
  expect(() => createKeyRing(secrets)).toThrow()
})

/** RFC 5869 written out: extract, then one block of expand. */
function hkdf(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  const hmac = (key: Buffer, ...parts: Buffer[]) =>
    createHmac('sha256', key).update(Buffer.concat(parts)).digest()
  const extracted = hmac(salt, secret)
  let [block, whole] = [Buffer.alloc(0), Buffer.alloc(0)]
  for (let counter = 1; whole.length < bytes; counter++) {
    block = hmac(extracted, block, info, Buffer.of(counter))
    whole = Buffer.concat([whole, block])
  }
  return whole.subarray(0, bytes)
}

// RFC 5869, appendix A.1 and A.3.
test.each([
  [
    '000102030405060708090a0b0c',
    'f0f1f2f3f4f5f6f7f8f9',
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  ['', '', '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'],
])('HKDF with the salt %j gives the published key', (salt, info, key) => {
  const [saltBytes, infoBytes] = [Buffer.from(salt, 'hex'), Buffer.from(info, 'hex')]
  const secret = Buffer.alloc(22, 0x0b)
  expect(hkdf(secret, saltBytes, infoBytes, 42).toString('hex')).toBe(key)
  expect(Buffer.from(hkdfSync('sha256', secret, saltBytes, infoBytes, 42)).toString('hex')).toBe(key)
})

test('a subkey is HKDF-SHA-256 of the secret under the name of its purpose, so stored data stays readable', () => {
  const secret = randomBytes(32)
  const [key] = createKeyRing([secret]).keys
  for (const purpose of ['identity', 'number', 'mailer'] as const) {
    const info = Buffer.from(`emailauth ${purpose} v1`)
    expect(key.subkey(purpose)).toEqual(hkdf(secret, Buffer.alloc(0), info, 32))
  }
})

test('the ring of the mailer opens nothing of the master ring, and is the same however it travels', () => {
  const master = createKeyRing([randomBytes(32), randomBytes(32)])
  const mailer = parseKeyRing(writeMailerKeys(master))
  const context = { purpose: 'identity', additionalData: 'p' } as const
  expect(() => unseal(mailer, context, seal(master, context, 'a token'))).toThrow(UnsealError)
  const url = { purpose: 'smtp-url', additionalData: 'tenant' } as const
  expect(unseal(mailer, url, seal(deriveMailerRing(master), url, 'smtp://x'))).toBe('smtp://x')
  expect(mailer.keys).toHaveLength(2)
})

test('each fault of a ring has a sentence that names it', () => {
  const secret = randomBytes(32)
  expect(() => createKeyRing([])).toThrow('A key ring needs at least one secret.')
  expect(() => createKeyRing([secret, secret])).toThrow('A secret stands in the key ring twice.')
  expect(() => createKeyRing([randomBytes(31)])).toThrow('A secret key has 32 bytes, not 31.')
})

test('a subkey and a cipher are made once', () => {
  const [key] = createKeyRing([randomBytes(32)]).keys
  expect(key.subkey('identity')).toBe(key.subkey('identity'))
  expect(key.cipher('identity')).toBe(key.cipher('identity'))
})

test('a key says which cipher it is for, and travels with it', () => {
  const plain = randomBytes(32).toString('base64')
  const marked = generateSecretKey()
  const ring = parseKeyRing(` ${marked} , ${plain}`)
  expect(ring.keys.map(({ cipherName }) => cipherName)).toEqual(['xchacha20-poly1305', 'xaes-256-gcm'])
  expect(marked).toMatch(/^xchacha20-poly1305:[A-Za-z0-9+/]{43}=$/)
  expect(generateSecretKey()).not.toBe(marked)
  const secret = Buffer.from(plain, 'base64')
  expect(writeSecretKey({ cipher: 'xaes-256-gcm', secret })).toBe(plain)
})

test('no secret serves two ciphers: id and keys differ, and a ring refuses it twice', () => {
  const secret = randomBytes(32)
  const context = { purpose: 'identity', additionalData: 'p' } as const
  const plain = createKeyRing([secret])
  const other = createKeyRing([{ cipher: 'xchacha20-poly1305', secret }])
  expect(other.keys[0].id).not.toEqual(plain.keys[0].id)
  expect(() => unseal(other, context, seal(plain, context, 'a token'))).toThrow('not in the ring')
  expect(() => createKeyRing([secret, { cipher: 'xchacha20-poly1305', secret }])).toThrow(
    'stands in the key ring twice',
  )
})

test('another prefix is refused, without repeating what may be a secret', () => {
  for (const prefix of ['aes:', 'XCHACHA20-POLY1305:', ':', 'xchacha20-poly1305:xchacha20-poly1305:']) {
    const read = () => parseKeyRing(`${prefix}${Buffer.alloc(32, 1).toString('base64')}`)
    expect(read).toThrow('A secret key is base64, alone or after xchacha20-poly1305: and nothing else.')
  }
  expect(() => parseKeyRing('xchacha20-poly1305:')).toThrow('A secret key has 32 bytes, not 0.')
})
