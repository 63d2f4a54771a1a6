import { domainToASCII } from 'node:url'
import { expect, test } from 'vitest'
import { readableEmail } from './readable-email.ts'

test.each([
  'bücher.example',
  'пример.испытание',
  '例え.テスト',
  'مثال.إختبار',
  'faß.example',
  '한국.example',
])('%s is shown as people write it', (domain) => {
  expect(readableEmail(`ada@${domainToASCII(domain)}`)).toBe(`ada@${domain}`)
})

test('look-alike letters and what is no punycode stay as they are', () => {
  // A Cyrillic а in a Latin word.
  const deceiving = `eve@${domainToASCII('pаypal.example')}`
  expect(deceiving).toContain('xn--')
  expect(readableEmail(deceiving)).toBe(deceiving)
  for (const email of ['a@xn--*.example', 'a@example.com', 'no address', ''])
    expect(readableEmail(email)).toBe(email)
})
