import { expect, test } from 'vitest'
import { readAddress } from './address.ts'
import { canonicalKey } from './canonical-key.ts'
import { MAIL_PROVIDERS } from './mail-providers.ts'

test.each([
  ['ada@example.com', 'ada+x@example.com', 'Ada+x+y@EXAMPLE.com'],
  [
    'victim@gmail.com',
    'v.ictim@gmail.com',
    'v.i.c.t.i.m+x@googlemail.com',
    'VICTIM@GoogleMail.com',
    'v..ictim@gmail.com',
  ],
  ['ada@outlook.com', 'ada+shop@outlook.com'],
  ['ada@hotmail.com', 'ada+shop@hotmail.com'],
  ['ada@yahoo.com', 'ada-shop@yahoo.com', 'ada-shop-2@yahoo.com', 'ada+x@yahoo.com'],
  ['ada@yahoo.co.jp', 'ada-shop@yahoo.co.jp'],
  ['ada@icloud.com', 'ada@me.com', 'ada+x@mac.com'],
  ['adalovelace@proton.me', 'ada.lovelace@protonmail.com', 'ada-love_lace+x@pm.me'],
  ['ada@fastmail.com', 'shop@ada.fastmail.com', 'ada+shop@fastmail.com'],
  ['ada-l@yandex.ru', 'ada.l@yandex.ru', 'ada.l@ya.ru', 'ada-l+x@yandex.com'],
])('%s is one mailbox however it is written', (address, ...others) => {
  for (const other of others) expect(canonicalOf(other), other).toBe(canonicalOf(address))
})

test.each([
  ['ada@example.com', 'a.da@example.com'],
  ['ada@example.com', 'ada-x@example.com'],
  ['ada@outlook.com', 'ada@hotmail.com'],
  ['ada@outlook.com', 'a.da@outlook.com'],
  ['ada@yahoo.com', 'ada@yahoo.co.uk'],
  ['ada@yahoo.com', 'a.da@yahoo.com'],
  ['ada@fastmail.com', 'ada@fastmail.fm'],
  ['shop@ada.example.com', 'ada@example.com'],
  ['ada@notgmail.com', 'a.da@notgmail.com'],
  ['ada@mail.gmail.com', 'ada@gmail.com'],
])('%s and %s are two', (one, other) => {
  expect(canonicalOf(one)).not.toBe(canonicalOf(other))
})

test.each(['+tag@example.com', '-x@yahoo.com', '...@gmail.com', '-_-@proton.me'])(
  '%s keeps a name: without one, strangers would share a limit',
  (key) => {
    expect(canonicalKey(key)).toMatch(/^[^@]+@/)
    expect(canonicalKey(key)).not.toMatch(/^@/)
  },
)

test('each rule names its source, and no domain has two', () => {
  const domains = MAIL_PROVIDERS.flatMap((provider) => provider.domains)
  expect(new Set(domains).size).toBe(domains.length)
  for (const { source } of MAIL_PROVIDERS) expect(source).toMatch(/^https:\/\//)
})

function canonicalOf(email: string): string {
  const address = readAddress(email)
  if ('fault' in address) throw new Error(address.fault)
  return address.canonical
}
