import { X509Certificate } from 'node:crypto'
import type { Logger } from '../logging/logger.ts'

const DAY_MS = 24 * 3_600_000
/** From this time before the end on, the log has a line a day. Short lives: from a third of the life on. */
export const EXPIRES_SOON_MS = 14 * DAY_MS

/** PEM texts: a chain of certificates, and the authorities. */
interface Pems {
  readonly cert?: string
  readonly ca?: string
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** When the services stop trusting each other, and from when on that is soon (Unix milliseconds). */
export interface Expiry {
  readonly expiresAtMs: number
  readonly soonFromMs: number
}

/**
 * The first end of a certificate of the chain, or that of its authority. Of several authorities, such as an
 * old and a new one, those count that have issued the chain.
 */
export function expiryOf({ cert, ca }: Pems): Expiry | undefined {
  const [chain, authorities] = [certificatesIn(cert), certificatesIn(ca)]
  const last = chain.at(-1)
  const issuers = authorities.filter((authority) => last?.checkIssued(authority))
  const authority = (issuers.length > 0 ? issuers : authorities).map(livesOf).sort(byEnd).at(-1)
  const [first] = [...chain.map(livesOf), ...(authority === undefined ? [] : [authority])].sort(byEnd)
  return first
}

/** Node skips what it cannot read among the authorities, and so does this. */
function certificatesIn(pem = ''): X509Certificate[] {
  return (pem.match(CERTIFICATES) ?? []).flatMap((one) => {
    try {
      return [new X509Certificate(one)]
    } catch {
      return []
    }
  })
}

function livesOf({ validFrom, validTo }: X509Certificate): Expiry {
  const [beganAtMs, expiresAtMs] = [Date.parse(validFrom), Date.parse(validTo)]
  return { expiresAtMs, soonFromMs: expiresAtMs - Math.min(EXPIRES_SOON_MS, (expiresAtMs - beganAtMs) / 3) }
}

const byEnd = (one: Expiry, other: Expiry) => one.expiresAtMs - other.expiresAtMs

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
    const [expiry, atMs] = [expiryOf(pems), now()]
    if (expiry === undefined || atMs < expiry.soonFromMs) return
    const { expiresAtMs } = expiry
    const text =
      expiresAtMs > atMs
        ? 'the TLS certificates between the services expire soon; then every call fails: replace the files, which needs no restart'
        : 'the TLS certificates between the services have expired, and the services refuse each other: replace the files, which needs no restart'
    if (last?.text === text && atMs - last.atMs < DAY_MS) return
    last = { atMs, text }
    logger?.warn({ expiresAt: new Date(expiresAtMs).toISOString() }, text)
  }
}
