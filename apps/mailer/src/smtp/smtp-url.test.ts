import { expect, test } from 'vitest'
import { parseSmtpUrls } from './smtp-url.ts'

test.each([
  ['smtp://127.0.0.1:1025', [{ host: '127.0.0.1', port: 1025, security: 'none' }]],
  ['smtp://localhost', [{ host: 'localhost', port: 587, security: 'none' }]],
  ['smtp://[::1]:25', [{ host: '::1', port: 25, security: 'none' }]],
  ['smtp://mail.example.com', [{ host: 'mail.example.com', port: 587, security: 'required' }]],
  ['smtp://mailpit:1025?starttls=none', [{ host: 'mailpit', port: 1025, security: 'none' }]],
  ['smtp://localhost?starttls=required', [{ host: 'localhost', port: 587, security: 'required' }]],
  [
    'smtps://ada:p%40s%2Cs@a.example, smtp://b.example:26?starttls=offered',
    [
      { host: 'a.example', port: 465, security: 'tls', auth: { user: 'ada', pass: 'p@s,s' } },
      { host: 'b.example', port: 26, security: 'offered' },
    ],
  ],
])('%s', (text, servers) => {
  expect(parseSmtpUrls(text)).toEqual(servers)
})

test.each(['', 'localhost:25', 'http://h', 'smtp://', 'smtp://a,', 'smtp://u:secret@h?starttls=maybe'])(
  '%j is refused with the right form, and no password',
  (text) => {
    expect(() => parseSmtpUrls(text)).toThrow(/^(must be smtp|starttls must be)(?!.*secret)/)
  },
)
