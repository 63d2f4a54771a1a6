import { keysOf } from '../lib/typed-record.ts'

const HOUR_MS = 3_600_000

const LENGTHS_MS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS } as const

/** The usual times up to now. */
export const RECENT_TIMES = keysOf(LENGTHS_MS)

/** Where such a time begins, as ISO 8601. Undefined for any other text. */
export function beginningOf(time: string, nowMs: number): string | undefined {
  const known = RECENT_TIMES.find((one) => one === time)
  return known === undefined ? undefined : new Date(nowMs - LENGTHS_MS[known]).toISOString()
}
