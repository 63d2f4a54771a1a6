import { expect, test } from 'vitest'
import { providerIdOf } from './provider-id.ts'

test.each([
  ['Amazon SES', '250 Ok 0102018c5d1f7a2b-6f0e1d2c-3b4a-4958-8776-a5b4c3d2e1f0-000000'],
  ['SparkPost', '250 2.0.0 OK 7D/2B-12345-0102018c5d1f7a2b'],
])('the id that %s gives is read', (_name, reply) => {
  expect(providerIdOf(reply)).toBe(reply.split(' ').at(-1))
})

test.each([
  ['250 2.0.0 Ok: queued as 4TqLkJ1zXKz9sWP', '4TqLkJ1zXKz9sWP'],
  ['250 Ok: queued as ismtpd0001p1iad1.sendgrid.net', 'ismtpd0001p1iad1.sendgrid.net'],
  ['250 OK queued as 0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  [
    '250 2.0.0 OK: queued as <202611272030.1234567890@smtp-relay.example>',
    '202611272030.1234567890@smtp-relay.example',
  ],
  [
    '250 2.6.0 <a.b.demo@acme.example> [InternalId=36472, Hostname=X.example] Queued mail for delivery',
    '36472',
  ],
  ['250 OK id=1tGZkB-0000000ABCD-1a2B', '1tGZkB-0000000ABCD-1a2B'],
  ['250 2.0.0 OK  1732730000 a92af1059eb24-dec0.0 - gsmtp', 'a92af1059eb24-dec0.0'],
  ['250 ok 1732730000 qp 12345', '12345'],
  ['250 Message Queued (4B0C6E1A-0C0D.1)', '4B0C6E1A-0C0D.1'],
  ['250 2.0.0 4c3dab7d Message accepted for delivery', '4c3dab7d'],
  ['250-first line\n250 2.0.0 Ok: queued as ABC123', 'ABC123'],
])('%s', (reply, id) => {
  expect(providerIdOf(reply)).toBe(id)
})

test.each([
  '250 Great success',
  '250 OK',
  '250 2.0.0 Ok',
  '250 OK, completed',
  '250 2.6.0 Message received',
  '250 Ok accepted thank-you',
  '250 Message accepted for delivery',
  '250 queued as …',
  `250 Ok: queued as ${'x'.repeat(201)}`,
  '',
])('%j names none', (reply) => {
  expect(providerIdOf(reply)).toBeNull()
})
