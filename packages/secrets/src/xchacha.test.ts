import { beforeAll, expect, test } from 'vitest'
import { createXChaCha, loadXChaCha } from './xchacha.ts'

beforeAll(loadXChaCha)

// The vector of draft-irtf-cfrg-xchacha-03, appendix A.3.1.
test('the published text gives the published ciphertext', () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i))
  const nonce = Buffer.from(Array.from({ length: 24 }, (_, i) => 0x40 + i))
  const additionalData = Buffer.from('50515253c0c1c2c3c4c5c6c7', 'hex')
  const text =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
  const cipher = createXChaCha(key)
  const sealed = cipher.encrypt(nonce, additionalData, text)
  expect(sealed.toString('hex')).toBe(
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39' +
      'ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9' +
      '21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
  )
  expect(cipher.decrypt(nonce, additionalData, sealed).toString()).toBe(text)
})
