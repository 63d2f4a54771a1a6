import { expect, test } from 'vitest'
import type { z } from 'zod'
import { apiKeyCreateRequest, apiKeyRotateRequest } from './api-keys.ts'
import { parseAddress } from './client-network.ts'
import { callId, localeTag, tenantId } from './common.ts'
import { readEmailAddress } from './email-address.ts'
import { deliveryDetail, deliveryReports, eventChange, eventListQuery } from './events.ts'
import { identityListQuery } from './identities.ts'
import { languageOf } from './languages.ts'
import { waitSeconds } from './long-poll.ts'
import { mailSettings } from './mail-settings.ts'
import { message, messageQuery } from './messages.ts'
import { triesFor } from './number-policy.ts'
import { outcomeLeaseRequest } from './outcomes.ts'
import { passkeyName } from './passkeys.ts'
import { previewRequest } from './previews.ts'
import { registrationRequest, resendRequest } from './registrations.ts'
import { rate, tenantName, tenantRate, tenantSettingsPatch } from './tenants.ts'
import { readTypedNumber } from './typed-number.ts'
import {
  webhookPageQuery,
  webhookRotateRequest,
  webhookTarget,
  webhookUpdateRequest,
  webhookUrl,
} from './webhooks.ts'

// Every bound with its number written out, so that a constant that changes fails: what is just within passes,
// what is just beyond does not.

const report = { type: 'sent', identityId: `demo.${'A'.repeat(23)}` }
const registration = { tenantId: 'demo', requestId: 'r', email: 'a@example.com', token: 't' }
const setting = (name: string) => (value: unknown) => ({ [name]: value })
const text = (length: number) => 'a'.repeat(length)
const secrets = (count: number) => Array.from({ length: count }, () => ({ secret: 's', until: null }))
/** So many texts of mails, each in a language of its own. */
const texts = (count: number, length = 1) =>
  Array.from({ length: count }, (_, at) => ({ language: `en-x${at}`, intro: text(length) }))

interface Bound {
  readonly shape: z.ZodType
  readonly least?: unknown
  readonly most: unknown
  readonly beyond: readonly unknown[]
}

const bounds: Record<string, Bound> = {
  'calls in a batch': {
    shape: deliveryReports,
    least: { reports: [report] },
    most: { reports: Array(256).fill(report) },
    beyond: [{ reports: [] }, { reports: Array(257).fill(report) }],
  },
  'ids of messages': {
    shape: messageQuery,
    most: { ids: Array(256).fill('a').join(',') },
    beyond: [{ ids: Array(257).fill('a').join(',') }],
  },
  'outcomes in a lease': {
    shape: outcomeLeaseRequest,
    least: { max: 1 },
    most: { max: 256 },
    beyond: [{ max: 0 }, { max: 257 }],
  },
  'a tenant id': { shape: tenantId, least: 'ab', most: text(40), beyond: ['a', text(41), '1a', 'A1'] },
  'the id of a call': { shape: callId, least: 'a', most: text(200), beyond: ['', text(201)] },
  'the name of a tenant': { shape: tenantName, least: 'a', most: text(80), beyond: ['', text(81)] },
  'the name of a passkey': { shape: passkeyName, least: 'a', most: text(80), beyond: ['', text(81)] },
  'the name of an API key': {
    shape: apiKeyCreateRequest,
    most: { scope: 'admin', name: text(80) },
    beyond: [{ scope: 'admin', name: text(81) }],
  },
  'the overlap of API keys': {
    shape: apiKeyRotateRequest,
    least: { overlapSeconds: 0 },
    most: { overlapSeconds: 2_592_000 },
    beyond: [{ overlapSeconds: -1 }, { overlapSeconds: 2_592_001 }],
  },
  'the life of a number': {
    shape: registrationRequest,
    least: { ...registration, expiresInSeconds: 1 },
    most: { ...registration, expiresInSeconds: 86_400 },
    beyond: [
      { ...registration, expiresInSeconds: 0 },
      { ...registration, expiresInSeconds: 86_401 },
    ],
  },
  'the id in a resend': {
    shape: resendRequest,
    most: { tenantId: 'demo', requestId: 'r', identityId: text(100) },
    beyond: [{ tenantId: 'demo', requestId: 'r', identityId: text(101) }],
  },
  'a page of events': {
    shape: eventListQuery,
    least: { first: '1' },
    most: { first: '200' },
    beyond: [{ first: '0' }, { first: '201' }],
  },
  'a page of identities': {
    shape: identityListQuery,
    least: { first: '1' },
    most: { first: '200', email: text(1280), domain: text(1012) },
    beyond: [{ first: '0' }, { first: '201' }, { email: text(1281) }, { domain: text(1013) }],
  },
  'a changed setting': {
    shape: eventChange,
    most: { field: text(80), before: text(300), after: text(300) },
    beyond: [
      { field: 'f', before: text(301), after: null },
      { field: 'f', before: null, after: text(301) },
    ],
  },
  'what a report keeps of a reply': {
    shape: deliveryDetail,
    most: { relay: text(260), reply: text(300) },
    beyond: [{ relay: text(261) }, { reply: text(301) }],
  },
  'the relay of a message': { shape: message.shape.relay, most: text(260), beyond: [text(261)] },
  'a long poll, in seconds': { shape: waitSeconds, least: 0, most: 20, beyond: [-1, 20.1] },
  'the texts of a mail': {
    shape: mailSettings,
    most: { texts: texts(40) },
    beyond: [{ texts: texts(41) }],
  },
  'the characters of all texts of a mail': {
    shape: mailSettings,
    most: { texts: texts(26, 400) },
    beyond: [{ texts: texts(28, 400) }],
  },
  'the URL of a webhook': {
    shape: webhookUrl,
    most: `https://example.com/${text(2028)}`,
    beyond: [`https://example.com/${text(2029)}`],
  },
  'the description of a webhook': {
    shape: webhookUpdateRequest,
    least: { description: 'a' },
    most: { description: text(80) },
    beyond: [{ description: '' }, { description: text(81) }],
  },
  'the secrets of a webhook': {
    shape: webhookTarget.shape.secrets,
    least: secrets(1),
    most: secrets(3),
    beyond: [secrets(0), secrets(4)],
  },
  'a page of webhooks of all tenants': {
    shape: webhookPageQuery,
    least: { first: 1 },
    most: { first: 200 },
    beyond: [{ first: 0 }, { first: 201 }],
  },
  'the overlap of webhook secrets': {
    shape: webhookRotateRequest,
    least: { overlapSeconds: 0 },
    most: { overlapSeconds: 2_592_000 },
    beyond: [{ overlapSeconds: -1 }, { overlapSeconds: 2_592_001 }],
  },
  'the digits of a sample number': {
    shape: previewRequest.shape.digits,
    least: 6,
    most: 17,
    beyond: [5, 18],
  },
  'a rate': {
    shape: rate,
    least: { max: 1, windowSeconds: 1 },
    most: { max: 1000, windowSeconds: 86_400 },
    beyond: [
      { max: 1001, windowSeconds: 1 },
      { max: 1, windowSeconds: 86_401 },
      { max: 0, windowSeconds: 1 },
      { max: 1, windowSeconds: 0 },
    ],
  },
  'the rate of a tenant': {
    shape: tenantRate,
    most: { max: 1_000_000, windowSeconds: 86_400 },
    beyond: [{ max: 1_000_001, windowSeconds: 1 }],
  },
  ...Object.fromEntries(
    (
      [
        ['missBudgetPerHour', 10, 100_000, 9, 100_001],
        ['boundDigits', 6, 12, 5, 13],
        ['boundTries', 1, 10, 0, 11],
        ['acceptedRisk', 1e-9, 1e-5, 9e-10, 1.1e-5],
        ['ttlSeconds', 1, 86_400, 0, 86_401],
      ] as const
    ).map(([name, least, most, ...beyond]) => {
      const of = setting(name)
      return [
        name,
        { shape: tenantSettingsPatch, least: of(least), most: of(most), beyond: beyond.map(of) } as Bound,
      ]
    }),
  ),
}

test.each(Object.entries(bounds))('%s has its bounds', (_, { shape, least, most, beyond }) => {
  for (const within of least === undefined ? [most] : [least, most])
    expect(shape.safeParse(within).error?.issues ?? [], JSON.stringify(within).slice(0, 100)).toEqual([])
  for (const value of beyond)
    expect(shape.safeParse(value).success, JSON.stringify(value).slice(0, 100)).toBe(false)
})

test('a locale is cut at 100 characters, and no language is looked for beyond', () => {
  expect(localeTag.parse(text(101))).toHaveLength(100)
  expect(languageOf(`${'x'.repeat(97)} es`)).toBe('es')
  expect(languageOf(`${'x'.repeat(100)} es`)).toBe('en')
})

test('an address of a client has at most 100 characters, with blanks around it', () => {
  expect(parseAddress('2001:db8::1'.padStart(100))).toBeDefined()
  expect(parseAddress('2001:db8::1'.padStart(101))).toBeUndefined()
})

test('a page has 50 entries where nobody says how many', () => {
  expect(identityListQuery.parse({}).first).toBe(50)
})

test('NUMBER allows an identity 100 misses, however large the budget of the tenant is', () => {
  const settings = { verification: 'NUMBER', boundDigits: 6, boundTries: 3, acceptedRisk: 1e-6 } as const
  expect(triesFor({ ...settings, missBudgetPerHour: 1000 })).toBe(100)
  expect(triesFor({ ...settings, missBudgetPerHour: 100_000 })).toBe(100)
})

test('an address has at most 254 bytes, its local part 64', () => {
  const domain = `${text(63)}.${text(63)}.${text(63)}.com`
  expect(readEmailAddress(`${text(64)}@example.com`)).toHaveProperty('email')
  expect(readEmailAddress(`${text(65)}@example.com`)).toHaveProperty('fault')
  const fits = 254 - domain.length - 1
  expect(readEmailAddress(`${text(fits)}@${domain}`)).toHaveProperty('email')
  expect(readEmailAddress(`${text(fits + 1)}@${domain}`)).toHaveProperty('fault')
})

test('a typed number has 4 to 32 digits', () => {
  for (const digits of [4, 32]) expect(readTypedNumber('1'.repeat(digits))).toBeDefined()
  for (const digits of [3, 33]) expect(readTypedNumber('1'.repeat(digits))).toBeUndefined()
})
