import { expect, test } from 'vitest'
import { clientNetwork } from './client-network.ts'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:4711', '203.0.113.7'],
  [' 203.0.113.7 ', '203.0.113.7'],
  ['"203.0.113.7:80"', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:CB00:7107', '203.0.113.7'],
  ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
  ['64:ff9b::203.0.113.7', '203.0.113.7'],
])('%s is the IPv4 address %s', (text, network) => {
  expect(clientNetwork(text)).toEqual({ network })
})

test.each([
  ['2001:db8:1:2::1'],
  ['2001:DB8:1:2:ffff:ffff:ffff:ffff'],
  ['2001:0db8:0001:0002:0000:0000:0000:0001'],
  ['[2001:db8:1:2::9]:443'],
  ['[2001:db8:1:2::9]'],
  ['"[2001:db8:1:2::9]:443"'],
  ['2001:db8:1:2::1%eth0'],
])('%s is one network of /64 inside one of /48', (text) => {
  expect(clientNetwork(text)).toEqual({ network: '2001:db8:1:2::/64', wider: '2001:db8:1::/48' })
})

test('networks beside each other stay apart', () => {
  expect(clientNetwork('2001:db8:1:3::1').network).toBe('2001:db8:1:3::/64')
  expect(clientNetwork('2001:db8:2::1').wider).toBe('2001:db8:2::/48')
  expect(clientNetwork('::1').network).toBe('::/64')
})

test.each([
  [undefined],
  [''],
  ['unknown'],
  ['_hidden'],
  ['127.1'],
  ['2130706433'],
  ['0x7f.0.0.1'],
  ['010.0.0.1'],
  ['1.2.3.4, 5.6.7.8'],
  ['1.2.3.4:port'],
  ['1.2.3.4:123456'],
  ['[2001:db8::1]:123456'],
  ['256.1.1.1'],
  ['[::1'],
  ['::1]:80'],
  [':::'],
  ['1.2.3.4\r\n'.repeat(2)],
  ['::1%'.padEnd(5000, 'x')],
  ['٣.٣.٣.٣'],
])('%j shares one bucket with all that cannot be read', (text) => {
  expect(clientNetwork(text)).toEqual({ network: 'unknown' })
})
