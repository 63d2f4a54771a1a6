import type { StatisticsStep } from '../../generated/graphql.ts'

export const RANGES = ['1h', '24h', '7d', '30d'] as const
export type RangeName = (typeof RANGES)[number] | 'custom'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
export const STEP_MS: Readonly<Record<StatisticsStep, number>> = {
  MINUTE: MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
}
/** The gateway answers so many steps at most, and the period before needs as many again. */
const MOST_STEPS = 200

/** A stretch of time, cut into steps, and as many steps before it to compare with. */
export interface Period {
  readonly step: StatisticsStep
  readonly steps: number
  /** Unix milliseconds of the first step, and of the end of the last one. */
  readonly fromMs: number
  readonly toMs: number
}

const NAMED: Readonly<Record<(typeof RANGES)[number], readonly [StatisticsStep, number]>> = {
  '1h': ['MINUTE', 60],
  '24h': ['HOUR', 24],
  '7d': ['HOUR', 168],
  '30d': ['DAY', 30],
}

/** The period of a range; the last step is the one that has begun. */
export function periodOf(range: (typeof RANGES)[number], nowMs: number): Period {
  const [step, steps] = NAMED[range]
  const toMs = (Math.floor(nowMs / STEP_MS[step]) + 1) * STEP_MS[step]
  return { step, steps, fromMs: toMs - steps * STEP_MS[step], toMs }
}

/** Whole days, from the first to the last; undefined when they make no sense. Days are counted in UTC, as the service does. */
export function customPeriod(from: string, to: string, nowMs: number): Period | undefined {
  const fromMs = Date.parse(`${from}T00:00:00Z`)
  const endMs = Date.parse(`${to}T00:00:00Z`) + DAY_MS
  if (!(fromMs < endMs) || fromMs > nowMs) return undefined
  const toMs = Math.min(endMs, (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS)
  const hours = Math.ceil((toMs - fromMs) / HOUR_MS)
  if (hours <= MOST_STEPS) return { step: 'HOUR', steps: hours, fromMs, toMs }
  const days = Math.ceil((toMs - fromMs) / DAY_MS)
  return days > MOST_STEPS ? undefined : { step: 'DAY', steps: days, fromMs, toMs: fromMs + days * DAY_MS }
}
