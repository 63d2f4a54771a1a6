import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import { expect, test } from 'vitest'
import { ratesOf } from './rates.ts'

test('a /48 may do 16 times as much as one of its networks; misses are counted by the hour', () => {
  const rate = { max: 5, windowSeconds: 60 }
  const settings = {
    ...DEFAULT_SETTINGS,
    registersPerClientIp: rate,
    missesPerClientIp: rate,
    missBudgetPerHour: 70,
  }
  expect(ratesOf(settings, 1)).toMatchObject({
    registersPerClientIp: '5:60000',
    registersPerWiderNetwork: '80:60000',
    missesPerClientIp: '5:60000',
    missesPerWiderNetwork: '80:60000',
    missBudget: '70:3600000',
  })
})
