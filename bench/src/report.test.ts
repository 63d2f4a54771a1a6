import { expect, test } from 'vitest'
import type { Results } from './bench.ts'
import { report } from './report.ts'
import { cpuBound, type Series } from './rounds/series.ts'

function series(scale: number): Series {
  const spread = (median: number) => ({ median, min: median / 2, max: median * 2 })
  return {
    rounds: 50,
    operations: 1e9,
    perSecond: spread(123_456 * scale),
    ratio: spread(scale),
    p50Ms: spread(1234.5),
    p99Ms: spread(12_345.6),
    cpuPerOperation: { gateway: 200 / scale, redis: 0.2, 'load generator': 100 },
    otherWork: spread(0.5),
  }
}

const results: Results = {
  measuredAt: '2026-11-21T00:30:59.000Z',
  machine: {
    cpu: 'A processor with a very long name indeed @ 3.00GHz',
    cores: 2,
    node: '20.20.2',
    redis: '7.0.15',
  },
  setting: { connections: 64, tokenBytes: 64, appendOnly: true },
  throughput: { yardstick: series(1), verify: series(0.5), register: series(0.1) },
  rssBytes: { gateway: 123e6, 'smtp sink': 50e6 },
  memory: [10_000, 100_000, 1_000_000].map((identities) => ({ identities, bytesPerIdentity: 1234.5 })),
  mailStateBytes: 303.3,
  scale: [
    { memory: { identities: 1_000_000, bytesPerIdentity: 1 }, verify: series(0.5), register: series(0.1) },
  ],
  hotspots: [
    {
      operation: 'verify',
      service: 'gateway',
      functions: [{ location: 'f  x.ts:1', microsPerOperation: 12.34 }],
    },
  ],
}

test('every line of the table fits into 80 columns', () => {
  for (const line of report(results).split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('what was measured can be read', () => {
  const text = report(results)
  expect(text).toMatch(/^per second +123,456 +61,728 +12,346$/m)
  expect(text).toMatch(/^ratio to the yardstick +1\.00 +0\.50 +0\.10$/m)
  expect(text).toMatch(/^ {2}redis +- +- +-$/m)
  expect(text).toMatch(/^ {2}an identity +1235 +1235 +1235$/m)
  expect(text).toContain('12.3  f  x.ts:1')
})

test('the bound by CPU is that of the busiest process, or of all cores', () => {
  expect(cpuBound(series(1), 2)).toBeCloseTo(1e6 / 200, 0)
  expect(cpuBound(series(1), 1)).toBeCloseTo(1e6 / 300.2, 0)
})
