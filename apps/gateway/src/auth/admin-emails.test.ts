import { expect, test } from 'vitest'
import { createAdminEmails } from './admin-emails.ts'

test.each([
  'ada@example.com',
  ' Ada@EXAMPLE.com ',
  'ａｄａ＠example．com',
  '"ada"@example.com',
  'grace@bücher.example',
])('%s is an admin, as register would read the address', (email) => {
  expect(createAdminEmails(['ADA@example.com', 'grace@xn--bcher-kva.example']).has(email)).toBe(true)
})

test.each([
  '',
  'eve@example.com',
  'ada+x@example.com',
  'a.da@example.com',
  'ada@example.com\n',
  'nothing at all',
])('%j is none', (email) => {
  expect(createAdminEmails(['ada@example.com']).has(email)).toBe(false)
})
