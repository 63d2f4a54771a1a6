import { expect, test } from 'vitest'
import { customPeriod, periodOf, STEP_MS } from './range.ts'

const NOW = Date.parse('2026-11-27T15:42:10Z')
const iso = (ms: number) => new Date(ms).toISOString()

test('a range ends with the step that has begun, and is whole steps long', () => {
  const day = periodOf('24h', NOW)
  expect([iso(day.fromMs), iso(day.toMs)]).toEqual(['2026-11-26T16:00:00.000Z', '2026-11-27T16:00:00.000Z'])
  for (const range of ['1h', '24h', '7d', '30d'] as const) {
    const { step, steps, fromMs, toMs } = periodOf(range, NOW)
    expect(toMs - fromMs).toBe(steps * STEP_MS[step])
    expect(steps * 2).toBeLessThanOrEqual(400)
  }
})

test('days of one’s own: by the hour when they are few, by the day when they are many', () => {
  expect(customPeriod('2026-11-20', '2026-11-21', NOW)).toMatchObject({ step: 'HOUR', steps: 48 })
  expect(customPeriod('2026-09-01', '2026-11-01', NOW)).toMatchObject({ step: 'DAY', steps: 62 })
  expect(customPeriod('2026-11-27', '2026-11-30', NOW)).toMatchObject({ step: 'HOUR', steps: 16 })
})

test('days that make no sense are none', () => {
  for (const [from, to] of [
    ['2026-11-21', '2026-11-20'],
    ['', ''],
    ['2027-01-01', '2027-01-02'],
    ['2020-01-01', '2026-01-01'],
  ])
    expect(customPeriod(from ?? '', to ?? '', NOW)).toBeUndefined()
})
