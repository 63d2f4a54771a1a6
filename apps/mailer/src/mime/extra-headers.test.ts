import { expect, test } from 'vitest'
import { extraHeaders, parseExtraHeaders } from './extra-headers.ts'

test('headers of providers are read', () => {
  const text = '{"X-SES-CONFIGURATION-SET":"codes","x-pm-message-stream":"outbound"}'
  expect(parseExtraHeaders(text)).toEqual({
    'X-SES-CONFIGURATION-SET': 'codes',
    'x-pm-message-stream': 'outbound',
  })
})

test.each([
  '',
  'X-A: b',
  '[]',
  'null',
  '{"Subject":"x"}',
  '{"X-A":1}',
  '{"X-A":""}',
  '{"X-A":"b\\r\\nBcc: eve@example.com"}',
  '{"X-A: b\\r\\nBcc":"c"}',
  '{"X-A":"ü"}',
  '{"X-A":"b","x-a":"c"}',
  '{"X-Auto-Response-Suppress":"None"}',
  JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`X-${i}`, 'x']))),
  JSON.stringify({ 'X-A': 'b'.repeat(901) }),
])('%j is refused', (text) => {
  expect(() => parseExtraHeaders(text)).toThrow(/^must/)
})

test('tracking is off for the providers whose servers are used, and for no other', () => {
  expect(extraHeaders(['127.0.0.1', 'email-smtp.eu-west-1.amazonaws.com', 'notmailgun.org'], {})).toEqual({})
  expect(extraHeaders(['smtp.eu.mailgun.org', 'smtp.postmarkapp.com'], {})).toEqual({
    'X-Mailgun-Track': 'no',
    'X-PM-TrackOpens': 'false',
    'X-PM-TrackLinks': 'None',
    'X-PM-Metadata-emailauth-id': '{message-id}',
  })
  const sendgrid = JSON.parse(extraHeaders(['smtp.sendgrid.net'], {})['X-SMTPAPI'] ?? '')
  expect(sendgrid.filters.clicktrack.settings.enable).toBe(0)
})

test('what the operator gives outweighs it, and what the tenant gives both, whatever the case', () => {
  expect(extraHeaders(['smtp.mailgun.org'], { 'x-mailgun-track': 'yes' })).toEqual({
    'x-mailgun-track': 'yes',
  })
  expect(
    extraHeaders(['smtp.mailgun.org'], { 'X-A': '1', 'X-B': '1' }, { 'x-a': '2', 'X-MAILGUN-TRACK': 'yes' }),
  ).toEqual({ 'X-MAILGUN-TRACK': 'yes', 'x-a': '2', 'X-B': '1' })
})

test.each([
  ['smtp.mailjet.com', 'in-v3.mailjet.com', { 'X-Mailjet-TrackOpen': '0', 'X-Mailjet-TrackClick': '0' }],
  ['smtp.sparkpostmail.com', 'smtp.eu.sparkpostmail.com', { 'X-MSYS-API': expect.stringContaining('false') }],
  [
    'smtpeter.com',
    'SMTP.SMTPeter.com',
    { 'x-smtpeter-trackclicks': 'false', 'x-smtpeter-trackopens': 'false' },
  ],
])('mails through %s switch tracking off', (host, also, headers) => {
  for (const one of [host, also]) expect(extraHeaders([one], {})).toEqual(headers)
})
