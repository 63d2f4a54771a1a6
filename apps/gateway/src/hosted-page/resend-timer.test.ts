import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { expect, test } from 'vitest'
import { secondsToResend } from './resend-timer.ts'

const MAILED_AT = 1_700_000_000_000
const tenantWith = (mailsPerAddress: Tenant['settings']['mailsPerAddress'], testMode = false) =>
  ({ testMode, settings: { ...DEFAULT_SETTINGS, mailsPerAddress } }) as Tenant
const defaults = tenantWith(DEFAULT_SETTINGS.mailsPerAddress)

test.each([
  [0, 30],
  [1, 30],
  [5000, 25],
  [29_999, 1],
  [30_000, 0],
  [86_400_000, 0],
  // The clock of Redis may be ahead of ours.
  [-60_000, 30],
])('at the defaults, %i ms after the mail, it is %i s', (passedMs, seconds) => {
  expect(secondsToResend(defaults, MAILED_AT, MAILED_AT + passedMs)).toBe(seconds)
})

test('the longest limit that allows one mail counts; those that allow several do not', () => {
  const slow = tenantWith([
    { max: 1, windowSeconds: 60 },
    { max: 1, windowSeconds: 600 },
    { max: 5, windowSeconds: 3600 },
  ])
  expect(secondsToResend(slow, MAILED_AT, MAILED_AT)).toBe(600)
  expect(secondsToResend(tenantWith([{ max: 2, windowSeconds: 60 }]), MAILED_AT, MAILED_AT)).toBe(0)
  expect(secondsToResend(tenantWith([]), MAILED_AT, MAILED_AT)).toBe(0)
})

test('a test tenant has none', () => {
  const tenant = tenantWith(DEFAULT_SETTINGS.mailsPerAddress, true)
  expect(secondsToResend(tenant, MAILED_AT, MAILED_AT)).toBe(0)
})
