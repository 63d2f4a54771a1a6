import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addExpiryMetric } from '../metrics/certificate-metrics.ts'
import { createExpiryLog, EXPIRES_SOON_MS, type Expiry, expiryOf } from './certificate-expiry.ts'

const DAY_MS = 24 * 3_600_000

let folder: string
/** Valid for one day and for 90. */
let short: { readonly cert: string; readonly ca: string }
let long: { readonly cert: string; readonly ca: string }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-expiry-'))
  const made = async (days: number) => {
    const files = await makeCertificates(folder, days)
    return { cert: await readFile(files.certificate, 'utf8'), ca: await readFile(files.ca, 'utf8') }
  }
  short = await made(1)
  long = await made(90)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const daysOf = (expiry: Expiry | undefined) => Math.round((Number(expiry?.expiresAtMs) - Date.now()) / DAY_MS)

test('the first end of a chain counts, and the last of the authorities', () => {
  expect(daysOf(expiryOf({ cert: long.cert }))).toBe(90)
  expect(daysOf(expiryOf({ cert: long.cert + short.cert, ca: long.ca }))).toBe(1)
  expect(daysOf(expiryOf({ cert: long.cert, ca: short.ca }))).toBe(1)
  // While an authority is replaced, the file has both. The one that issued the certificate counts.
  expect(daysOf(expiryOf({ cert: long.cert, ca: short.ca + long.ca }))).toBe(90)
  expect(daysOf(expiryOf({ cert: short.cert, ca: short.ca + long.ca }))).toBe(1)
  expect(daysOf(expiryOf({ ca: short.ca + long.ca }))).toBe(90)
  expect(expiryOf({})).toBeUndefined()
})

test('of a certificate with a short life, the last third is soon', () => {
  const { expiresAtMs, soonFromMs } = expiryOf(short) as Expiry
  expect((expiresAtMs - soonFromMs) / DAY_MS).toBeCloseTo(1 / 3, 1)
})

test('what is no certificate among the authorities is skipped, as Node does', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  expect(daysOf(expiryOf({ cert: long.cert, ca: long.ca + broken }))).toBe(90)
  expect(expiryOf({ ca: broken })).toBeUndefined()
})

test('the log warns from two weeks before on, once a day, and at once when they have expired', () => {
  expect(EXPIRES_SOON_MS).toBe(14 * DAY_MS)
  const { expiresAtMs } = expiryOf(long) as Expiry
  let now = expiresAtMs - EXPIRES_SOON_MS - 1
  const warn = vi.fn()
  const look = createExpiryLog({ warn }, () => now)
  const linesAt = (ms: number) => {
    now = ms
    warn.mockClear()
    look(long)
    return warn.mock.calls.map(([, text]) => String(text))
  }
  expect(linesAt(now)).toEqual([])
  const first = expiresAtMs - EXPIRES_SOON_MS
  expect(linesAt(first)).toEqual([expect.stringContaining('expire soon')])
  expect(linesAt(first + DAY_MS - 1)).toEqual([])
  expect(linesAt(first + DAY_MS)).toEqual([expect.stringContaining('expire soon')])
  expect(linesAt(expiresAtMs - 1)).toHaveLength(1)
  expect(linesAt(expiresAtMs)).toEqual([expect.stringContaining('have expired')])
  expect(linesAt(expiresAtMs + 1)).toEqual([])
})

test('the metric is that of the certificates in use', async () => {
  const registry = new Registry()
  const tls = { current: short }
  addExpiryMetric(registry, tls)
  const shown = async () => {
    const seconds = /^emailauth_certificate_expires_timestamp_seconds (\d+)$/m.exec(await registry.metrics())
    return Number(seconds?.[1]) * 1000
  }
  expect(await shown()).toBe(expiryOf(short)?.expiresAtMs)
  tls.current = long
  expect(await shown()).toBe(expiryOf(long)?.expiresAtMs)
})
