import { expect, test } from 'vitest'
import { parseBounceListen } from './bounce-listen.ts'

test.each([
  ['smtp://0.0.0.0:25', [{ protocol: 'smtp', host: '0.0.0.0', port: 25 }]],
  ['lmtp://127.0.0.1:2424', [{ protocol: 'lmtp', host: '127.0.0.1', port: 2424 }]],
  ['SMTP://[::1]:65535', [{ protocol: 'smtp', host: '::1', port: 65535 }]],
  ['smtp://mx-1.acme.example:0', [{ protocol: 'smtp', host: 'mx-1.acme.example', port: 0 }]],
  [
    ' smtp://[::]:25 , lmtp://127.0.0.1:24 ',
    [
      { protocol: 'smtp', host: '::', port: 25 },
      { protocol: 'lmtp', host: '127.0.0.1', port: 24 },
    ],
  ],
])('%j is read', (text, endpoints) => {
  expect(parseBounceListen(text)).toEqual(endpoints)
})

test.each([
  '',
  'smtp://',
  'smtp://0.0.0.0',
  'smtp://:25',
  '0.0.0.0:25',
  'http://0.0.0.0:25',
  'smtps://0.0.0.0:465',
  'smtp://0.0.0.0:65536',
  'smtp://0.0.0.0:-1',
  'smtp://0.0.0.0:25/path',
  'smtp://user:password@0.0.0.0:25',
  'smtp://::1:25',
  'smtp://0.0.0.0:25,',
  'smtp://0.0.0.0:25\nsmtp://0.0.0.0:26',
])('%j is refused with a sentence that has an example', (text) => {
  expect(() => parseBounceListen(text)).toThrow(/^must be smtp:\/\/ or lmtp:\/\/ .*smtp:\/\/0\.0\.0\.0:25$/)
})
