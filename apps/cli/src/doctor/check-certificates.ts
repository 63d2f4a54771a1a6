import { type Expiry, expiryOf } from '@emailauth/service/network/certificate-expiry'
import { openTls } from '@emailauth/service/network/tls'
import type { World } from '../context.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const NAME = 'Certificates'
const RENEW = 'Replace the files; running services load them within five seconds.'

/** The certificates between the services, where the environment names them. */
export async function checkCertificates(env: World['env'], nowMs: number = Date.now()): Promise<Finding[]> {
  const [cert, key, ca] = ['CERT', 'KEY', 'CA'].map((name) => env[`EMAILAUTH_TLS_${name}`] || undefined)
  if (cert === undefined && ca === undefined) return []
  try {
    const source = await openTls({ cert, key, ca }, { logger: undefined })
    source.close()
    return [findingOf(expiryOf(source.current), nowMs)]
  } catch (error) {
    return [fail(NAME, error instanceof Error ? error.message : String(error), 'Correct the files.')]
  }
}

function findingOf(expiry: Expiry | undefined, nowMs: number): Finding {
  if (expiry === undefined) return ok(NAME, 'they can be read')
  const { expiresAtMs, soonFromMs } = expiry
  const at = new Date(expiresAtMs).toISOString()
  if (expiresAtMs <= nowMs)
    return fail(NAME, `expired at ${at}: the services refuse each other, and every call fails`, RENEW)
  if (nowMs >= soonFromMs)
    return warn(NAME, `expire at ${at}; then every call between the services fails`, RENEW)
  return ok(NAME, `valid until ${at}`)
}
