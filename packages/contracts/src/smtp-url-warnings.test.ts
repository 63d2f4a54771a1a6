import { expect, test } from 'vitest'
import { SMTP_URL_WARNINGS, smtpUrlWarnings } from './smtp-url-warnings.ts'

test.each([
  ['smtps://user:secret@host:587', 'smtpsAt587', 'Most servers speak STARTTLS at port 587'],
  ['smtps://host:25', 'smtpsAt25', 'Most servers speak STARTTLS at port 25'],
  ['smtp://user:secret@host:465', 'smtpAt465', 'TLS from the first byte at port 465'],
  ['smtps://host?starttls=required', 'unusedStarttls', 'starttls is an option of smtp://'],
] as const)('%s has the warning %s: %s', (url, warning, text) => {
  expect(smtpUrlWarnings(url)).toEqual([warning])
  expect(SMTP_URL_WARNINGS[warning]).toContain(text)
})

test('an option that is not used does not hide an unusual port', () => {
  expect(smtpUrlWarnings('smtps://host:587?starttls=none')).toEqual(['unusedStarttls', 'smtpsAt587'])
})

test.each([
  ...['', 'smtp://host', 'smtps://user:secret@host', 'smtps://host:2465', 'nonsense', 'https://host:465'],
  // A tunnel, and what is meant.
  ...['smtps://localhost:587', 'smtp://[::1]:465', 'smtp://host:465?starttls=required'],
])('%j has no warning', (url) => {
  expect(smtpUrlWarnings(url)).toEqual([])
})
