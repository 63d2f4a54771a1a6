import { expect, test } from 'vitest'
import { isPrivateHost, isPublicAddress } from './public-address.ts'

test.each([
  '93.184.216.34',
  '8.8.8.8',
  '172.32.0.1',
  '168.63.129.17',
  '2606:4700::1111',
  '2001:200::1',
  '2606:4700::5efe:8.8.8.8',
  '2606:4700::100:5eff:7f00:1',
  '2606:4700::400:5efe:7f00:1',
  '2606:4700::1:5efe:7f00:1',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '64:ff9b:1::7f00:1',
  '::ffff:0:127.0.0.1',
  '2001::7f00:1',
  '2001:0:808:808::f7f7:f7f7',
  '2001:20::1',
  '2001:db8::1',
  '3fff::1',
  '5f00::1',
  '168.63.129.16',
  '2002:7f00:1::',
  '2002:808:808::1',
  '2606:4700::5efe:127.0.0.1',
  '2606:4700:1:2:0:5efe:a00:1',
  '2606:4700::200:5efe:192.168.1.1',
  '2606:4700::300:5efe:a9fe:a9fe',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '::1:0:0',
  '100::1',
  '200::1',
  '4000::1',
  'fe00::1',
  'fec0::1',
  '',
  'localhost',
  '127.1',
  '0x7f000001',
])('%j is not', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each([
  'localhost',
  'LOCALHOST.',
  'mail.localhost',
  '127.0.0.1',
  '[::1]',
  '10.1.2.3',
  '[fe80::1%25eth0]',
])('%s names our own networks', (host) => expect(isPrivateHost(host)).toBe(true))

test.each(['mail.example.com', 'localhost.example.com', '8.8.8.8', '[2606:4700::1]', 'mailhog'])(
  '%s does not, by itself',
  (host) => expect(isPrivateHost(host)).toBe(false),
)
