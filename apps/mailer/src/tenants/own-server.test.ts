import { randomBytes } from 'node:crypto'
import { smtpUrlAdditionalData } from '@emailauth/contracts/mail-settings'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { seal } from '@emailauth/secrets/seal'
import { expect, test } from 'vitest'
import { createOwnServer } from './own-server.ts'

const ring = createKeyRing([randomBytes(32)])

const PLAIN = ['smtp://8.8.8.8?starttls=none', 'smtp://mail.example.com?starttls=offered']

test('a setting from when it was allowed is not taken at its word', () => {
  const strict = createOwnServer({ ring, allowPrivate: false, allowPlaintext: false })
  for (const smtpUrl of PLAIN) {
    expect(strict('demo', { smtpUrl })).toMatchObject({ security: 'required', publicOnly: true })
  }
  expect(strict('demo', { smtpUrl: 'smtps://mail.example.com' })).toMatchObject({ security: 'tls' })
})

test('with the permission of the operator, and at a private address, it is', () => {
  const loose = createOwnServer({ ring, allowPrivate: false, allowPlaintext: true })
  expect(PLAIN.map((smtpUrl) => loose('demo', { smtpUrl }))).toMatchObject([
    { security: 'none' },
    { security: 'offered' },
  ])
  const inside = createOwnServer({ ring, allowPrivate: true, allowPlaintext: false })
  expect(inside('demo', { smtpUrl: 'smtp://10.0.0.7?starttls=none' })).toMatchObject({ security: 'none' })
  expect(inside('demo', { smtpUrl: 'smtp://mail.example.com?starttls=none' })).toMatchObject({
    security: 'required',
  })
})

test('a URL that persistence has sealed opens for its own tenant, and nowhere else', () => {
  const context = { purpose: 'smtp-url', additionalData: smtpUrlAdditionalData('demo') } as const
  const sealedSmtpUrl = seal(ring, context, 'smtps://u:p@mail.example.com').toString('base64')
  const own = createOwnServer({ ring, allowPrivate: false, allowPlaintext: false })
  expect(own('demo', { sealedSmtpUrl })).toMatchObject({ host: 'mail.example.com', security: 'tls' })
  expect(own('other', { sealedSmtpUrl })).toBe('sealed')
  expect(own('demo', { sealedSmtpUrl: 'AAAA' })).toBe('sealed')
  const rules = { ring: createKeyRing([randomBytes(32)]), allowPrivate: false, allowPlaintext: false }
  expect(createOwnServer(rules)('demo', { sealedSmtpUrl })).toBe('sealed')
})
