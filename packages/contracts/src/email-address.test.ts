import { expect, test } from 'vitest'
import { emailKey, readEmailAddress, toMailbox } from './email-address.ts'

test.each([
  ['ada@example.com', 'ada@example.com', 'ada@example.com'],
  ['  Ada.Lovelace+News@EXAMPLE.com ', 'Ada.Lovelace+News@example.com', 'ada.lovelace+news@example.com'],
  ['ñandú@correo.ES', 'ñandú@correo.es', 'ñandú@correo.es'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah', 'ada@xn--r8jz45g.xn--zckzah'],
  ["o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk"],
  ['+tag@example.com', '+tag@example.com', '+tag@example.com'],
  ['ada＠example.com', 'ada@example.com', 'ada@example.com'],
  ['ada﹫example.com', 'ada@example.com', 'ada@example.com'],
  ['Ａｄａ．１＠ｅｘａｍｐｌｅ－ａ．ｃｏｍ', 'Ada.1@example-a.com', 'ada.1@example-a.com'],
  ['\u3000ada@example。com\u3000', 'ada@example.com', 'ada@example.com'],
  ['a..b@docomo.ne.jp', 'a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'],
  ['Ab.@docomo.ne.jp', 'Ab.@docomo.ne.jp', 'ab.@docomo.ne.jp'],
  ['.ab@ezweb.ne.jp', '.ab@ezweb.ne.jp', '.ab@ezweb.ne.jp'],
  ['"a..b"@docomo.ne.jp', 'a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'],
  ['"Ada"@example.com', 'Ada@example.com', 'ada@example.com'],
])('%j is read', (given, email, key) => {
  expect(readEmailAddress(given)).toEqual({ email, key })
  expect(readEmailAddress(email)).toEqual({ email, key })
  expect(emailKey(given)).toBe(key)
})

test('a plain address is read as the conversions would read it', () => {
  const names = ['a', 'Ada.L', '.a', 'a..b', 'a.', '-', '_', 'a+b', "o'b", '"a"', 'a b', 'a,b', 'ñ', 'K', 'ſ']
  const labels = ['a', 'EXAMPLE', '1', '1a', 'a1', '-a', 'a-', 'a--b', '0x1', '0X1', '_', '', 'ñ', 'K', '%41']
  const long = [0, 1, 2].map((more) => 'a'.repeat(62 + more))
  const punycode = ['xn--a', 'XN--bcher-kva', 'xn--bcher-kva', 'axn--b']
  const parts = [...labels, ...long, ...punycode]
  const domains = parts.flatMap((first) =>
    parts.flatMap((last) => [`${first}.${last}`, `a.${first}.${last}`]),
  )
  const wide = ['a'.repeat(184), 'a'.repeat(185)].map((text) => text.replace(/.{50}/g, '$&.'))
  for (const local of [...names, ...long, 'a'.repeat(65)]) {
    for (const domain of [...domains, ...wide.map((labels) => `${labels}.com`)]) {
      const address = `${local}@${domain}`
      // What begins with a space is never plain.
      expect([address, readEmailAddress(address)]).toEqual([address, readEmailAddress(` ${address}`)])
    }
  }
})

test('composed and decomposed letters are one address; letters that only look alike are not', () => {
  expect(emailKey('jose\u0301@example.com')).toBe(emailKey('josé@example.com'))
  expect(emailKey('ﬁnn@example.com')).not.toBe(emailKey('finn@example.com'))
  expect(emailKey('a²@example.com')).not.toBe(emailKey('a2@example.com'))
})

test.each([
  ['J\u030c', '\u01f0'],
  ['H\u0331', '\u1e96'],
  ['\u03aa\u0301', '\u0390'],
])('%s and %s are one address: only the small letter is one character', (capital, small) => {
  expect(emailKey(`${capital}@example.com`)).toBe(emailKey(`${small}@example.com`))
})

test.each([
  '',
  '   ',
  'ada',
  '@example.com',
  'ada@',
  'ada@@example.com',
  'ada＠@example.com',
  'a b@example.com',
  'ada@exam ple.com',
  'ada@localhost',
  'ada@127.0.0.1',
  'ada@[127.0.0.1]',
  'ada@example..com',
  'ada@-example.com',
  'ada@example.com.',
  'ada@example.com/x',
  'ada@example.com:25',
  '.@example.com',
  '...@example.com',
  '"a b"@example.com',
  '"a@b"@example.com',
  '"a\\"b"@example.com',
  '""@example.com',
  '"ada@example.com',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com\n',
  'ada\u0000@example.com',
  'ada@example.com,eve@example.com',
  'ada@example.com，eve@example.com',
  'Ada <ada@example.com>',
  '＜ada@example.com＞',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'a'.repeat(64)}.com`,
  `ada@${'abc.'.repeat(70)}com`,
  'ada@xn--zzzzzzzzzz--.com',
])('%j is refused with a sentence', (given) => {
  expect(readEmailAddress(given)).toEqual({ fault: expect.stringMatching(/^(The|An) .+\.$/) })
})

test('what is no address compares with itself, and with no address', () => {
  expect(emailKey(' No Address ')).toBe(emailKey(' no address '))
  expect(emailKey('ada@example.com\n')).not.toBe('ada@example.com')
})

test.each([
  ['ada.l@example.com', 'ada.l@example.com'],
  ['a..b@docomo.ne.jp', '"a..b"@docomo.ne.jp'],
  ['ab.@docomo.ne.jp', '"ab."@docomo.ne.jp'],
  ['.ab@docomo.ne.jp', '".ab"@docomo.ne.jp'],
])('%s is written as %s', (email, mailbox) => {
  expect(toMailbox(email)).toBe(mailbox)
  expect(readEmailAddress(mailbox)).toMatchObject({ email })
})
