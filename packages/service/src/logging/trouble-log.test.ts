import { expect, test } from 'vitest'
import { createTroubleLog, TROUBLE_LOG_EVERY_MS } from './trouble-log.ts'

test('a trouble is logged at once, then once a minute with its count, and its end once', () => {
  expect(TROUBLE_LOG_EVERY_MS).toBe(60_000)
  let now = 0
  const lines: unknown[] = []
  const logger = {
    warn: (fields: object, text: string) => lines.push([fields, text]),
    info: (text: string) => lines.push(text),
  }
  const log = createTroubleLog(logger as never, { trouble: 'it fails', over: 'it works' }, () => now)
  log.well()
  expect(lines).toEqual([])
  for (; now < 2 * TROUBLE_LOG_EVERY_MS; now += 1000) log.fault({ at: now })
  log.well()
  log.well()
  expect(lines).toEqual([
    [{ at: 0, moreSinceLastLine: 0 }, 'it fails'],
    [{ at: 60_000, moreSinceLastLine: 59 }, 'it fails'],
    'it works',
  ])
  // What comes and goes each second is no line each second.
  const before = lines.length
  for (const end = now + 30_000; now < end; now += 1000) {
    log.fault({ at: now })
    log.well()
  }
  expect(lines.length - before).toBeLessThanOrEqual(4)
})

test('a trouble that begins anew soon after its end is logged, or the last line would say that it works', () => {
  let now = 0
  const lines: [number, string][] = []
  const logger = {
    warn: (_fields: object, text: string) => lines.push([now, text]),
    info: (text: string) => lines.push([now, text]),
  }
  const log = createTroubleLog(logger as never, { trouble: 'it fails', over: 'it works' }, () => now)
  log.fault({})
  now = 2000
  log.well()
  for (now = 5000; now < 62_000; now += 1000) log.fault({})
  log.well()
  expect(lines).toEqual([
    [0, 'it fails'],
    [2000, 'it works'],
    [5000, 'it fails'],
    [60_000, 'it fails'],
    [62_000, 'it works'],
  ])
})
