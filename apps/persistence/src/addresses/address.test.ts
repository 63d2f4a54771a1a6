import { expect, test } from 'vitest'
import { readAddress } from './address.ts'

test.each([
  ['ada@example.com', 'ada@example.com', 'ada@example.com', 'ada@example.com'],
  [
    '  Ada.Lovelace+News@EXAMPLE.com ',
    'Ada.Lovelace+News@example.com',
    'ada.lovelace+news@example.com',
    'ada.lovelace@example.com',
  ],
  ['ñandú@correo.ES', 'ñandú@correo.es', 'ñandú@correo.es', 'ñandú@correo.es'],
  [
    'ada@bücher.example',
    'ada@xn--bcher-kva.example',
    'ada@xn--bcher-kva.example',
    'ada@xn--bcher-kva.example',
  ],
  [
    'ada@例え.テスト',
    'ada@xn--r8jz45g.xn--zckzah',
    'ada@xn--r8jz45g.xn--zckzah',
    'ada@xn--r8jz45g.xn--zckzah',
  ],
  [
    "o'brien@sub.example.co.uk",
    "o'brien@sub.example.co.uk",
    "o'brien@sub.example.co.uk",
    "o'brien@sub.example.co.uk",
  ],
  ['+tag@example.com', '+tag@example.com', '+tag@example.com', '+tag@example.com'],
])('%j is read', (given, email, key, canonical) => {
  expect(readAddress(given)).toEqual({ email, key, canonical })
})

test('composed and decomposed letters are one address', () => {
  expect(readAddress('jose\u0301@example.com')).toEqual(readAddress('josé@example.com'))
})

test.each([
  '',
  '   ',
  'ada',
  '@example.com',
  'ada@',
  'ada@@example.com',
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
  '.ada@example.com',
  'ada.@example.com',
  'a..b@example.com',
  '"ada"@example.com',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com\n',
  'ada\u0000@example.com',
  'ada@example.com,eve@example.com',
  'Ada <ada@example.com>',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'a'.repeat(64)}.com`,
  `ada@${'abc.'.repeat(70)}com`,
  'ada@xn--zzzzzzzzzz--.com',
])('%j is refused with a sentence', (given) => {
  expect(readAddress(given)).toEqual({ fault: expect.stringMatching(/^(The|An) .+\.$/) })
})
