import { X509Certificate } from 'node:crypto'
import type { Logger } from './logger.ts'

const DAY_MS = 24 * 3_600_000
/** From this time before the end on, the log has a line a day. */
export const EXPIRES_SOON_MS = 14 * DAY_MS

/** PEM texts: a chain of certificates, and the authorities. */
interface Pems {
  readonly cert?: string
  readonly ca?: string
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * When the services stop trusting each other (Unix milliseconds): at the first end of a certificate of the
 * chain, or at the last end of the authorities, of which there may be an old and a new one.
 */
export function expiryOf({ cert, ca }: Pems): number | undefined {
  const [chain, authorities] = [endsIn(cert), endsIn(ca)]
  const ends = [...chain, ...(authorities.length === 0 ? [] : [Math.max(...authorities)])]
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function endsIn(pem = ''): number[] {
  return (pem.match(CERTIFICATES) ?? []).map((one) => Date.parse(new X509Certificate(one).validTo))
}

/**
 * Returns a function that warns of certificates that expire soon, and of those that have expired.
 * @param now Unix milliseconds
 */
export function createExpiryLog(
  logger: Pick<Logger, 'warn'> | undefined,
  now: () => number = Date.now,
): (pems: Pems) => void {
  let last: { readonly atMs: number; readonly text: string } | undefined
  return (pems) => {
    const [expiresAtMs, atMs] = [expiryOf(pems), now()]
    if (expiresAtMs === undefined || expiresAtMs - atMs > EXPIRES_SOON_MS) return
    const text =
      expiresAtMs > atMs
        ? 'the TLS certificates between the services expire soon; then every call fails: replace the files, which needs no restart'
        : 'the TLS certificates between the services have expired, and the services refuse each other: replace the files, which needs no restart'
    if (last?.text === text && atMs - last.atMs < DAY_MS) return
    last = { atMs, text }
    logger?.warn({ expiresAt: new Date(expiresAtMs).toISOString() }, text)
  }
}
