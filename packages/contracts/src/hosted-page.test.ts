import { expect, test } from 'vitest'
import { RESULT_SECONDS, returnUrl } from './hosted-page.ts'

test.each([
  'https://shop.example.com/back',
  'https://shop.example.com',
  'https://shop.example.com/',
  'https://shop.example.com:8443/back?tenant=1&next=%2Fcart',
  'http://localhost:3000/back',
  'http://127.0.0.1:3000/back',
  'http://[::1]:3000/back',
])('%s may be returned to', (url) => {
  expect(returnUrl.safeParse(url).success).toBe(true)
})

test.each([
  '',
  '/back',
  '//evil.example/back',
  'http://shop.example.com/back',
  'http://localhost.evil.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'https://user:pass@shop.example.com/',
  'https://shop.example.com@evil.example/',
  'https://shop.example.com/back#x',
  'https://shop.example.com/back#',
  'https://shop.example.com/back?result=x',
  'https://shop.example.com/back?identityId=x',
  'https://shop.example.com/a/../b',
  'https:\\\\evil.example/',
  'https://SHOP.example.com/',
  'https://shop.example.com/ back',
  'https://shop.example.com/\r\nset-cookie: a=b',
  'https://münchen.example/',
  `https://shop.example.com/${'x'.repeat(1000)}`,
])('%s may not', (url) => {
  expect(returnUrl.safeParse(url).success).toBe(false)
})

test('a result lives two minutes', () => {
  expect(RESULT_SECONDS).toBe(120)
})
