import { webhookEventType } from '@emailauth/contracts/webhooks'
import { expect, test } from 'vitest'
import { en } from './texts/en.ts'
import { conditionOf, OVERLAPS, PERIODS, shortUrl, WEBHOOK_TYPES, type Webhook } from './webhook.ts'

const WEBHOOK = { url: 'https://a.example/h', disabledAt: null } as Webhook
const AT = '2026-11-27T10:00:00.000Z'
const FARES = {
  __typename: 'WebhookState' as const,
  waiting: 0,
  failed: 0,
  failingSince: null,
  lastSuccessAt: AT,
}

test('a period and an overlap are as long as the page says', () => {
  const UNITS: Readonly<Record<string, number>> = { hour: 3600, day: 86_400 }
  const secondsOf = (text: string) => {
    const [, count = '1', unit = ''] = /(\d+)? ?(hour|day)s?$/.exec(text) ?? []
    return Number(count) * (UNITS[unit] ?? 0)
  }
  for (const name of ['hour', 'day', 'week'] as const)
    expect([name, PERIODS[name]]).toEqual([name, secondsOf(en.replay.periods[name]) * 1000])
  for (const name of ['hour', 'day', 'week', 'month'] as const)
    expect([name, OVERLAPS[name]]).toEqual([name, secondsOf(en.overlaps[name])])
})

test('the state of an endpoint in one word', () => {
  expect(conditionOf(WEBHOOK, FARES)).toBe('works')
  expect(conditionOf(WEBHOOK, { ...FARES, lastSuccessAt: null })).toBe('unused')
  expect(conditionOf(WEBHOOK, { ...FARES, waiting: 19 })).toBe('works')
  expect(conditionOf(WEBHOOK, { ...FARES, waiting: 20 })).toBe('waiting')
  expect(conditionOf(WEBHOOK, { ...FARES, waiting: 20, failingSince: AT })).toBe('failing')
  expect(conditionOf({ ...WEBHOOK, disabledAt: AT }, { ...FARES, failingSince: AT })).toBe('disabled')
  expect(conditionOf(WEBHOOK, undefined)).toBe('unknown')
  expect(conditionOf({ ...WEBHOOK, url: '' }, FARES)).toBe('sealed')
  expect(shortUrl('https://a.example/h')).toBe('a.example/h')
})

test('the types to choose from are all that a webhook can be about', () => {
  const all = webhookEventType.options.map((type) => type.replaceAll(/[.-]/g, '_').toUpperCase())
  expect([...WEBHOOK_TYPES].sort()).toEqual(all.filter((type) => type !== 'WEBHOOK_TESTED').sort())
})
