import { expect, test } from 'vitest'
import { compareTurns } from './compare.ts'
import { reportComparison } from './compare-report.ts'
import type { Round } from './rounds/round.ts'

const round = (seconds: number, gateway: number): Round => ({
  operations: 1000,
  failures: 0,
  firstFailure: '',
  seconds,
  p50Ms: 1,
  p99Ms: 2,
  firstMs: 2,
  cpuMicros: 0,
  cpuPerOperation: { gateway, persistence: 20, mailer: 0, redis: 10, yardstick: 0 },
  otherWork: 0,
})

const turns = [
  { other: round(1, 30), ours: round(2, 33) },
  { other: round(1, 30), ours: round(1, 30) },
  { other: round(10, 300), ours: round(20, 330) },
]

test('figures are compared turn by turn, so that a turn on a busy machine weighs no more than others', () => {
  const { perSecond, cpuPerOperation } = compareTurns([turns])
  expect(perSecond.ratio).toEqual({ median: 0.5, min: 0.5, max: 0.5 })
  expect(cpuPerOperation.gateway?.ratio.median).toBeCloseTo(1.1)
  expect(cpuPerOperation['all four']?.ours.median).toBe(63)
})

test('what one start adds to all of its turns weighs once, and the range says how much it is', () => {
  const turn = (seconds: number) => ({ other: round(1, 30), ours: round(seconds, 30) })
  const { perSecond } = compareTurns([[turn(1), turn(1), turn(9)], [turn(2)], [turn(4)]])
  expect(perSecond.ratio).toEqual({ median: 0.5, min: 0.25, max: 1 })
})

test('a table of 80 columns says how this build does', () => {
  const compared = compareTurns([turns])
  const text = reportComparison({
    ours: 'this build',
    other: 'a folder with a rather long name /somewhere/on/this/disk',
    starts: 1,
    turns: 3,
    verify: compared,
    register: compared,
    otherWork: { median: 0.25, min: 0, max: 1 },
    hotspots: [],
  })
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text).toMatch(/^per second +1000 +500 +0\.500 \(0\.50-0\.50\)$/m)
  expect(text).toContain("1 × 3 turns of 10,000: medians of starts; other programs' CPU 25 %")
  expect(text).toMatch(/^ {2}mailer, µs of CPU +0\.0 +0\.0 +-$/m)
})

test('three services in one process are compared with the sum of three processes', () => {
  const together = { ...round(1, 0), cpuPerOperation: { serve: 40, redis: 10 } }
  const lines = { services: ['gateway', 'persistence', 'mailer', 'serve'] }
  const { cpuPerOperation } = compareTurns([[{ other: round(1, 30), ours: together }]], lines)
  expect(cpuPerOperation.services).toMatchObject({ other: { median: 50 }, ours: { median: 40 } })
})
