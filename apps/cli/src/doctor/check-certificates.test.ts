import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCertificates } from './check-certificates.ts'

const DAY_MS = 24 * 3_600_000

let folder: string
let env: Record<string, string>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-certificates-'))
  const { certificate, key, ca } = await makeCertificates(folder, 90)
  env = { EMAILAUTH_TLS_CERT: certificate, EMAILAUTH_TLS_KEY: key, EMAILAUTH_TLS_CA: ca }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('without certificates nothing is said', async () => {
  expect(await checkCertificates({})).toEqual([])
})

test.each([
  [0, 'ok', 'valid until'],
  [80, 'warn', 'expire at'],
  [91, 'fail', 'expired at'],
] as const)('after %i of 90 days they are: %s', async (days, state, detail) => {
  expect(await checkCertificates(env, Date.now() + days * DAY_MS)).toMatchObject([
    { name: 'Certificates', state, detail: expect.stringContaining(detail) },
  ])
})

test('files that cannot be read, or are no pair, fail', async () => {
  const missing = { ...env, EMAILAUTH_TLS_CERT: join(folder, 'missing.crt') }
  const noPair = { ...env, EMAILAUTH_TLS_KEY: join(folder, 'ca.key') }
  for (const wrong of [missing, noPair])
    expect(await checkCertificates(wrong)).toMatchObject([{ name: 'Certificates', state: 'fail' }])
})
