import { expect, test } from 'vitest'
import { comparedHotspotLines, compareHotspots } from './compared-hotspots.ts'

const spots = (...functions: readonly [location: string, microsPerOperation: number][]) => [
  {
    operation: 'register',
    service: 'mailer',
    functions: functions.map(([location, microsPerOperation]) => ({ location, microsPerOperation })),
  },
]

test('a function is the same one in both builds, although its line and its name in the bundle differ', () => {
  const other = spots(
    ['send  apps/mailer/src/a.ts:10', 2],
    ['write2  apps/mailer/src/b.ts:1', 1],
    ['parse  service-AAAA.cjs:7', 3],
    ['gone  apps/mailer/src/c.ts:1', 4],
  )
  const ours = spots(
    ['send  apps/mailer/src/moved/a.ts:12', 5],
    ['write3  apps/mailer/src/b.ts:9', 1],
    ['parse  service-BBBB.cjs:70', 2.5],
  )
  expect(compareHotspots(other, ours)).toEqual([
    {
      operation: 'register',
      service: 'mailer',
      functions: [
        { location: 'send  a.ts', other: 2, ours: 5 },
        { location: 'gone  c.ts', other: 4, ours: 0 },
        { location: 'parse  (packages)', other: 3, ours: 2.5 },
        { location: 'write  b.ts', other: 1, ours: 1 },
      ],
    },
  ])
})

test('a line says what a function costs in each build, and how much more it is now', () => {
  const lines = compareHotspots(
    spots(['(garbage collector)', 6]),
    spots(['(garbage collector)', 8.25]),
  ).flatMap(comparedHotspotLines)
  expect(lines.at(-1)).toBe('     6.0     8.3     2.3  (garbage collector)')
})
