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
/** Half of the steps that the gateway allows in a query, because the period before needs as many. */
const MOST_STEPS = 200

/** A period in steps, and as many steps before it to compare with. */
export interface Period {
  readonly step: StatisticsStep
  readonly steps: number
  /** Unix milliseconds: start of the first step, end of the last. */
  readonly fromMs: number
  readonly toMs: number
}

const NAMED: Readonly<Record<(typeof RANGES)[number], readonly [StatisticsStep, number]>> = {
  '1h': ['MINUTE', 60],
  '24h': ['HOUR', 24],
  '7d': ['HOUR', 168],
  '30d': ['DAY', 30],
}

/** The period of a range. Its last step is the current one. */
export function periodOf(range: (typeof RANGES)[number], nowMs: number): Period {
  const [step, steps] = NAMED[range]
  const toMs = (Math.floor(nowMs / STEP_MS[step]) + 1) * STEP_MS[step]
  return { step, steps, fromMs: toMs - steps * STEP_MS[step], toMs }
}

/** A period of whole days in UTC, as the services count. Undefined when the days are invalid. */
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
