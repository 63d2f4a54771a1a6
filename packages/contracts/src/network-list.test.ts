import { expect, test } from 'vitest'
import { createNetworkList } from './network-list.ts'

const isTrusted = createNetworkList([
  '10.0.0.0/8',
  '192.0.2.1',
  '2001:db8::/32',
  '::1',
  '::ffff:172.16.0.0/108',
])

test.each([
  '10.1.2.3',
  '10.1.2.3:4711',
  '::ffff:10.1.2.3',
  '192.0.2.1',
  '2001:DB8::1',
  '[2001:db8::1]:80',
  '[::1]',
  '172.20.0.1',
])('%s is in the list', (text) => expect(isTrusted(text)).toBe(true))

test.each(['11.0.0.1', '192.0.2.2', '2001:db9::1', '::2', '172.32.0.1', 'unknown', '', '10.1'])(
  '%j is not',
  (text) => expect(isTrusted(text)).toBe(false),
)

test('an empty list holds nobody', () => expect(createNetworkList([])('127.0.0.1')).toBe(false))
