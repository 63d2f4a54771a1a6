import { expect, test } from 'vitest'
import { byLuck, noteFailure, noteSuccess } from './failed-addresses.ts'
import { parseSmtpUrl } from './smtp-url.ts'

test('an address that failed comes last for five minutes, or until it works', () => {
  const relay = parseSmtpUrl('smtp://relay.example')
  const other = parseSmtpUrl('smtp://relay.example')
  const of = (server: typeof relay, now: number) => byLuck(server, ['a', 'b', 'c'], now).join('')
  noteFailure(relay, 'a', 1000)
  noteFailure(relay, 'b', 2000)
  expect(of(relay, 2000)).toBe('cab')
  expect(of(other, 2000)).toBe('abc')
  expect(of(relay, 300_999)).toBe('cab')
  expect(of(relay, 301_000)).toBe('acb')
  noteSuccess(relay, 'b')
  expect(of(relay, 301_000)).toBe('abc')
})
