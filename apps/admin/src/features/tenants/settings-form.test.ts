import { expect, test } from 'vitest'
import { changesOf, faultIn, riskOf, type Settings, toValues } from './settings-form.ts'

const SETTINGS = {
  verification: 'NUMBER',
  boundDigits: 8,
  boundTries: 5,
  acceptedRisk: 0.000001,
  ttlSeconds: 600,
  locale: 'en',
  mailsPerAddress: [
    { max: 1, windowSeconds: 30 },
    { max: 5, windowSeconds: 600 },
  ],
  registersPerClientIp: { max: 30, windowSeconds: 600 },
  missesPerClientIp: { max: 20, windowSeconds: 600 },
  missBudgetPerHour: 1000,
  mail: {
    senderName: 'Shop',
    senderAddress: null,
    replyTo: null,
    smtpServer: null,
    colour: null,
    logoUrl: null,
    linkTemplate: null,
  },
} as unknown as Settings
const values = toValues(SETTINGS)

test('settings are shown as they are typed, secrets not at all', () => {
  expect(values).toMatchObject({
    mailsPerAddress: '1 / 30, 5 / 600',
    registersPerClientIp: '30 / 600',
    'mail.senderName': 'Shop',
    'mail.smtpUrl': '',
  })
})

test('only what was changed is sent', () => {
  expect(changesOf(values, values)).toEqual({})
  const after = { ...values, ttlSeconds: '900', mailsPerAddress: '2/60', 'mail.senderName': '' }
  expect(changesOf(values, after)).toEqual({
    ttlSeconds: 900,
    mailsPerAddress: [{ max: 2, windowSeconds: 60 }],
    mail: { senderName: null },
  })
})

test('what cannot be read is named', () => {
  expect(faultIn(values)).toBeUndefined()
  expect(faultIn({ ...values, ttlSeconds: 'ten' })).toBe('ttlSeconds')
  expect(faultIn({ ...values, mailsPerAddress: '1 / 30, often' })).toBe('mailsPerAddress')
})

test('the arithmetic follows what is typed, and a risk that is too high is named', () => {
  expect(riskOf(values)).toMatchObject({ per: 'HOUR', digits: 12, isTooHigh: false })
  const bound = { ...values, verification: 'BOUND' }
  expect(riskOf(bound)).toMatchObject({ per: 'IDENTITY', digits: 8, isTooHigh: false })
  expect(riskOf({ ...bound, boundDigits: '6', boundTries: '10' })).toMatchObject({ isTooHigh: true })
  expect(riskOf({ ...values, missBudgetPerHour: '' })).toBeUndefined()
})
