import type { Round } from './round.ts'
import { type Spread, spread } from './statistics.ts'

/** One operation over all its rounds. */
export interface Series {
  readonly rounds: number
  readonly operations: number
  readonly perSecond: Spread
  /** Of each round to the yardstick's round beside it; 1 for the yardstick itself. */
  readonly ratio: Spread
  readonly p50Ms: Spread
  readonly p99Ms: Spread
  /** Microseconds of CPU for each operation, by process, over all rounds. */
  readonly cpuPerOperation: Readonly<Record<string, number>>
  /** Share of the machine that other programs took meanwhile, 0 to 1. */
  readonly otherWork: Spread
}

/** A round and the yardstick's round that was measured just before it. */
export interface Pair {
  readonly round: Round
  readonly yardstick: Round
}

export function toSeries(pairs: readonly Pair[]): Series {
  const rounds = pairs.map(({ round }) => round)
  const operations = rounds.reduce((sum, round) => sum + round.operations, 0)
  const names = Object.keys(rounds[0]?.cpuPerOperation ?? {})
  const cpu = names.map((name) => {
    const micros = rounds.reduce(
      (sum, round) => sum + (round.cpuPerOperation[name] ?? 0) * round.operations,
      0,
    )
    return [name, micros / operations] as const
  })
  return {
    rounds: rounds.length,
    operations,
    perSecond: spread(rounds.map(perSecond)),
    ratio: spread(pairs.map(({ round, yardstick }) => perSecond(round) / perSecond(yardstick))),
    p50Ms: spread(rounds.map((round) => round.p50Ms)),
    p99Ms: spread(rounds.map((round) => round.p99Ms)),
    cpuPerOperation: Object.fromEntries(cpu),
    otherWork: spread(rounds.map((round) => round.otherWork)),
  }
}

/** Microseconds of CPU for each operation, of all processes together. */
export function allCpu({ cpuPerOperation }: Series): number {
  return Object.values(cpuPerOperation).reduce((sum, micros) => sum + micros, 0)
}

/**
 * Operations a second that the measured CPU time allows on this many idle cores. No process gets more than
 * one core, and all share the cores. Other load affects it far less than it affects the measured rate.
 */
export function cpuBound(series: Series, cores: number): number {
  return Math.min(1e6 / Math.max(...Object.values(series.cpuPerOperation)), (cores * 1e6) / allCpu(series))
}

function perSecond({ operations, seconds }: Round): number {
  return operations / seconds
}
