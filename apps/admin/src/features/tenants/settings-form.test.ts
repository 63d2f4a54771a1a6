import { expect, test } from 'vitest'
import { changesOf, FIELDS, faultIn, riskOf, type Settings, toValues } from './settings-form.ts'

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
  registersPerTenant: { max: 100_000, windowSeconds: 600 },
  returnUrls: ['https://a.example/done', 'https://b.example/'],
  testAddresses: [],
  mail: {
    senderName: 'Shop',
    senderAddress: null,
    replyTo: null,
    smtpServer: null,
    headers: [{ name: 'X-Stream', value: 'codes' }],
  },
} as unknown as Settings
const values = toValues(SETTINGS)

test('settings are shown as they are typed, secrets not at all', () => {
  expect(values).toMatchObject({
    mailsPerAddress: '1 / 30, 5 / 600',
    registersPerClientIp: '30 / 600',
    'mail.senderName': 'Shop',
    'mail.smtpUrl': '',
    'mail.headers': 'X-Stream: codes',
    returnUrls: 'https://a.example/done\nhttps://b.example/',
  })
})

test('only what was changed is sent', () => {
  expect(changesOf(values, values)).toEqual({})
  const after = { ...values, ttlSeconds: '900', mailsPerAddress: '2/60', 'mail.senderName': '' }
  expect(changesOf(values, after)).toEqual({
    settings: {
      ttlSeconds: 900,
      mailsPerAddress: [{ max: 2, windowSeconds: 60 }],
      mail: { senderName: null },
    },
  })
})

test('an emptied field gets its default again, whichever it is', () => {
  const filled = { ...values, testAddresses: '*@shop.test' }
  for (const name of Object.values(FIELDS)
    .flat()
    .map(([field]) => field)) {
    if (name === 'verification') continue
    const emptied = { ...filled, [name]: ' ' }
    expect(faultIn(emptied)).toBeUndefined()
    const { reset = [], settings } = changesOf({ ...filled, [name]: 'x' }, emptied)
    const setting = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
    if (name === 'returnUrls') expect(settings).toEqual({ returnUrls: [] })
    else if (name.startsWith('mail.')) expect(reset).toEqual([])
    else expect([reset, settings]).toEqual([[setting], undefined])
  }
})

test('what cannot be read is named', () => {
  expect(faultIn(values)).toBeUndefined()
  expect(faultIn({ ...values, ttlSeconds: 'ten' })).toBe('ttlSeconds')
  expect(faultIn({ ...values, mailsPerAddress: '1 / 30, often' })).toBe('mailsPerAddress')
})

test('the arithmetic follows what is typed, and a risk that is too high is named', () => {
  expect(riskOf(values)).toEqual({
    per: 'HOUR',
    digits: 12,
    isTooHigh: false,
    arithmetic: {
      misses: 1000,
      live: 900,
      named: 90_000,
      tries: 5,
      digits: 12,
      chance: '9.9e-7',
      accepted: '1.0e-6',
    },
  })
  const bound = { ...values, verification: 'BOUND' }
  expect(riskOf(bound)).toMatchObject({ per: 'IDENTITY', digits: 8, isTooHigh: false })
  expect(riskOf({ ...bound, boundDigits: '6', boundTries: '10' })).toMatchObject({ isTooHigh: true })
  expect(riskOf({ ...values, missBudgetPerHour: '' })).toBeUndefined()
})

test('lists are typed line by line; an emptied one is empty, and headers are taken away', () => {
  const after = {
    ...values,
    returnUrls: '  https://c.example/x \n\n',
    'mail.headers': 'Feedback-ID:a:b\nX-A: 1',
  }
  expect(changesOf(values, after).settings).toEqual({
    returnUrls: ['https://c.example/x'],
    mail: {
      headers: [
        { name: 'Feedback-ID', value: 'a:b' },
        { name: 'X-A', value: '1' },
      ],
    },
  })
  expect(changesOf(values, { ...values, returnUrls: '', 'mail.headers': '' }).settings).toEqual({
    returnUrls: [],
    mail: { headers: null },
  })
  expect(faultIn({ ...values, 'mail.headers': 'no colon' })).toBe('mail.headers')
})
