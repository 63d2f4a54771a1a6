import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createKeyRing, generateSecretKey, parseKeyRing } from './key-ring.ts'
import {
  isSealedWithNewest,
  SEAL_OVERHEAD,
  seal,
  sealSalted,
  UnsealError,
  unseal,
  unsealSalted,
} from './seal.ts'
import { loadXChaCha } from './xchacha.ts'

beforeAll(loadXChaCha)

const at = (additionalData: string) => ({ purpose: 'identity', additionalData }) as const

describe.each(['xaes-256-gcm', 'xchacha20-poly1305'] as const)('%s', (cipher) => {
  const secret = randomBytes(32)
  const ringOf = (...secrets: Buffer[]) => createKeyRing(secrets.map((each) => ({ cipher, secret: each })))
  const ring = ringOf(secret)

  test('whatever was sealed opens again, with the same additional data only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (text, additionalData) => {
        const clean = Buffer.from(text).toString()
        const sealed = seal(ring, at(additionalData), clean)
        expect(sealed).toHaveLength(Buffer.byteLength(clean) + SEAL_OVERHEAD)
        expect(unseal(ring, at(additionalData), sealed)).toBe(clean)
        expect(() => unseal(ring, at(`${additionalData}.`), sealed)).toThrow(UnsealError)
      }),
    )
  })

  test('any altered byte is noticed', () => {
    const sealed = seal(ring, at('identity:1'), 'a token')
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed)
      altered[i] = (altered[i] ?? 0) ^ 1
      expect(() => unseal(ring, at('identity:1'), altered)).toThrow(UnsealError)
    }
  })

  test('it does not open for another purpose, nor cut short', () => {
    const sealed = seal(ring, at('p'), 'a token')
    expect(() => unseal(ring, { purpose: 'event', additionalData: 'p' }, sealed)).toThrow(UnsealError)
    for (let length = 0; length < sealed.length; length++) {
      expect(() => unseal(ring, at('p'), sealed.subarray(0, length))).toThrow(UnsealError)
    }
  })

  test('a salt that leaves fewer than 8 random bytes is refused', () => {
    expect(() => sealSalted(ring, at('p'), randomBytes(17), Buffer.alloc(1))).toThrow(RangeError)
  })

  test('the same text never looks the same twice', () => {
    expect(seal(ring, at('p'), 'text')).not.toEqual(seal(ring, at('p'), 'text'))
  })

  test('after a rotation the newest key writes and the older one still reads', () => {
    const old = seal(ring, at('p'), 'text')
    const rotated = ringOf(randomBytes(32), secret)
    expect(unseal(rotated, at('p'), old)).toBe('text')
    const fresh = seal(rotated, at('p'), 'text')
    expect(() => unseal(ring, at('p'), fresh)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('not in the ring'),
        keyId: rotated.keys[0].id.toString('hex'),
      }),
    )
  })

  test.each([Buffer.alloc(0), Buffer.alloc(10), Buffer.alloc(100)])('rubbish is refused', (rubbish) => {
    expect(() => unseal(ring, at('p'), rubbish)).toThrow(UnsealError)
  })

  test('data of an older key is distinguished from data of the newest', () => {
    const rotated = ringOf(randomBytes(32), secret)
    expect(isSealedWithNewest(rotated, seal(ring, at('p'), 'text'))).toBe(false)
    expect(isSealedWithNewest(rotated, seal(rotated, at('p'), 'text'))).toBe(true)
    expect(isSealedWithNewest(ring, Buffer.alloc(0))).toBe(false)
  })

  test('what was sealed beside a salt opens beside it, with the same additional data only', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string(),
        fc.nat(16),
        (bytes, additionalData, saltBytes) => {
          const [data, salt] = [Buffer.from(bytes), randomBytes(saltBytes)]
          const sealed = sealSalted(ring, at(additionalData), salt, data)
          expect(sealed).toHaveLength(data.length + SEAL_OVERHEAD - 3 - saltBytes)
          expect(unsealSalted(ring, at(additionalData), salt, sealed)).toEqual(data)
          expect(() => unsealSalted(ring, at(`${additionalData}.`), salt, sealed)).toThrow(UnsealError)
        },
      ),
    )
  })

  test('any altered byte is noticed, in the salt too, and under a salt nothing looks the same twice', () => {
    const salt = randomBytes(4)
    const sealed = sealSalted(ring, at('identity:1'), salt, Buffer.from('a token'))
    for (let i = 0; i < salt.length + sealed.length; i++) {
      const altered = Buffer.concat([salt, sealed])
      altered[i] = (altered[i] ?? 0) ^ 1
      expect(() => unsealSalted(ring, at('identity:1'), altered.subarray(0, 4), altered.subarray(4))).toThrow(
        UnsealError,
      )
    }
    expect(sealSalted(ring, at('identity:1'), salt, Buffer.from('a token'))).not.toEqual(sealed)
  })

  test('beside a salt too the newest key writes and an older one reads, and rubbish is refused', () => {
    const salt = randomBytes(4)
    const old = sealSalted(ring, at('p'), salt, Buffer.from('text'))
    const rotated = ringOf(randomBytes(32), secret)
    expect(unsealSalted(rotated, at('p'), salt, old).toString()).toBe('text')
    const fresh = sealSalted(rotated, at('p'), salt, Buffer.from('text'))
    expect(() => unsealSalted(ring, at('p'), salt, fresh)).toThrow('not in the ring')
    for (const rubbish of [0, 10, 100])
      expect(() => unsealSalted(ring, at('p'), salt, Buffer.alloc(rubbish))).toThrow(UnsealError)
  })

  test('two keys whose ids begin alike open what each has sealed', () => {
    const salt = randomBytes(4)
    const alike = new Map<string, Buffer>()
    for (;;) {
      const mine = randomBytes(32)
      const name = ringOf(mine).keys[0].id.toString('hex', 0, 2)
      const other = alike.get(name)
      alike.set(name, mine)
      if (other === undefined) continue
      const sealed = sealSalted(ringOf(other), at('p'), salt, Buffer.from('text'))
      const both = ringOf(mine, other)
      expect(unsealSalted(both, at('p'), salt, sealed).toString()).toBe('text')
      expect(() => unsealSalted(both, at('elsewhere'), salt, sealed)).toThrow('altered or moved')
      return
    }
  })

  test('what is too short to be sealed data is called so, and the error has a name and a cause', () => {
    const short = Buffer.concat([seal(ring, at('a'), 'x').subarray(0, SEAL_OVERHEAD - 1)])
    expect(() => unseal(ring, at('a'), short)).toThrow('Not sealed data.')
    const salt = randomBytes(16)
    const salted = sealSalted(ring, at('a'), salt, Buffer.alloc(0))
    expect(unsealSalted(ring, at('a'), salt, salted)).toHaveLength(0)
    expect(() => unsealSalted(ring, at('a'), salt, salted.subarray(0, -1))).toThrow('Not sealed data.')
    expect(() => sealSalted(ring, at('a'), randomBytes(17), Buffer.alloc(1))).toThrow(
      'A salt has at most 16 bytes, not 17.',
    )
    const moved = expect.objectContaining({ name: 'UnsealError', cause: expect.any(Error) })
    expect(() => unseal(ring, at('b'), seal(ring, at('a'), 'x'))).toThrow(moved)
  })

  test('what is sealed begins with its format', () => {
    expect(seal(ring, at('p'), 'text')[0]).toBe(2)
  })
})

test('what was sealed before opens after any change of the code', () => {
  const known = createKeyRing([Buffer.alloc(32, 7)])
  const sealed = [
    '02',
    '8046c496',
    'f7a93024ceb162b6c3920a7bc77f8ba553bc992230f4e2a9',
    '82578e4f96a5f4672020c85ec7266ffa875661e4b0c907',
  ]
  expect(unseal(known, at('identity:1'), Buffer.from(sealed.join(''), 'hex'))).toBe('a token')
  const salted = [
    '8046',
    'c28a949f002e5ec060e89b3b8c94e2d5e7258ebc',
    '0b8636785b82a74605f4a2f269df5e7709a6d869ea16f3',
  ]
  const data = Buffer.from(salted.join(''), 'hex')
  expect(unsealSalted(known, at('identity:1'), Buffer.from('salt'), data).toString()).toBe('a token')
})

test('a ring of both ciphers seals with the newest and opens what each has sealed', () => {
  const [older, newer] = [randomBytes(32).toString('base64'), generateSecretKey()]
  const salt = randomBytes(4)
  for (const [before, after] of [
    [older, newer],
    [newer, older],
  ]) {
    const alone = parseKeyRing(before as string)
    const both = parseKeyRing(`${after},${before}`)
    expect(unseal(both, at('p'), seal(alone, at('p'), 'text'))).toBe('text')
    const salted = sealSalted(alone, at('p'), salt, Buffer.from('text'))
    expect(unsealSalted(both, at('p'), salt, salted).toString()).toBe('text')
    expect(() => unseal(alone, at('p'), seal(both, at('p'), 'text'))).toThrow('not in the ring')
  }
})
