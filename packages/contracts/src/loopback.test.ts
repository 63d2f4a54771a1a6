import { expect, test } from 'vitest'
import { isLoopback } from './loopback.ts'

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])(
  '%s is this machine',
  (host) => {
    expect(isLoopback(host)).toBe(true)
  },
)

test.each([
  '',
  '127.0.0.1.example.com',
  '127.example.com',
  'localhost.example.com',
  'x.localhost',
  '128.0.0.1',
  '[::1',
  '::11',
  '0.0.0.0',
  'localhost:4000',
])('%j is not', (host) => {
  expect(isLoopback(host)).toBe(false)
})
