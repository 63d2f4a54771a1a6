import { expect, test } from 'vitest'
import { createOwnServer } from './own-server.ts'

const PLAIN = ['smtp://8.8.8.8?starttls=none', 'smtp://mail.example.com?starttls=offered']

test('a setting from when it was allowed is not taken at its word', () => {
  const strict = createOwnServer({ allowPrivate: false, allowPlaintext: false })
  for (const smtpUrl of PLAIN) {
    expect(strict({ smtpUrl })).toMatchObject({ security: 'required', publicOnly: true })
  }
  expect(strict({ smtpUrl: 'smtps://mail.example.com' })).toMatchObject({ security: 'tls' })
})

test('with the permission of the operator, and at a private address, it is', () => {
  const loose = createOwnServer({ allowPrivate: false, allowPlaintext: true })
  expect(PLAIN.map((smtpUrl) => loose({ smtpUrl })?.security)).toEqual(['none', 'offered'])
  const inside = createOwnServer({ allowPrivate: true, allowPlaintext: false })
  expect(inside({ smtpUrl: 'smtp://10.0.0.7?starttls=none' })).toMatchObject({ security: 'none' })
  expect(inside({ smtpUrl: 'smtp://mail.example.com?starttls=none' })).toMatchObject({ security: 'required' })
})
