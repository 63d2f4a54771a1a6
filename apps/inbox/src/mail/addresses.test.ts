import { domainToASCII } from 'node:url'
import { expect, test } from 'vitest'
import { blindCopies, type MailAddress, mailAddresses } from './addresses.ts'

// A file for the browser, without types of its own here.
const file = new URL('../page/browser/address.js', import.meta.url).href
const { addressLine } = (await import(file)) as { addressLine: (addresses: readonly MailAddress[]) => string }

test('a domain in punycode is shown as people write it, of headers and of blind copies', () => {
  const address = 'ada@xn--bcher-kva.example'
  const parsed = mailAddresses([
    { name: 'Ada', address },
    { name: '', address: 'bob@example.com' },
  ])
  expect(parsed).toEqual([
    { Name: 'Ada', Address: address, Readable: 'ada@bücher.example' },
    { Name: '', Address: 'bob@example.com' },
  ])
  expect(addressLine(parsed)).toBe('Ada <ada@bücher.example>, bob@example.com')
  expect(addressLine(blindCopies([address], []))).toBe('ada@bücher.example')
})

test('look-alike letters and what is no punycode stay as they are', () => {
  // A Cyrillic а in a Latin word.
  const deceiving = `eve@${domainToASCII('pаypal.example')}`
  expect(deceiving).toContain('xn--')
  for (const address of [deceiving, 'a@xn--*.example'])
    expect(mailAddresses([{ name: '', address }])).toEqual([{ Name: '', Address: address }])
})
