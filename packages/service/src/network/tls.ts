import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { ConfigError } from '../config/config.ts'
import type { Logger } from '../logging/logger.ts'
import { createExpiryLog, expiryOf } from './certificate-expiry.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The authority that must have signed the other side's certificate. */
  readonly ca?: string | undefined
}

/** The PEM texts of the files, with the names that Node uses. */
export interface TlsMaterial {
  readonly cert?: string
  readonly key?: string
  readonly ca?: string
}

/** Certificates that may be replaced while the process runs. */
export interface TlsSource {
  readonly current: TlsMaterial
  /**
   * Calls the listener with each new set. A set that cannot be used, or has expired, is ignored and logged.
   * @returns ends these calls
   */
  onChange(listener: (material: TlsMaterial) => void): () => void
  close(): void
}

export interface TlsOptions {
  readonly logger: Pick<Logger, 'info' | 'warn'> | undefined
  /**
   * How long to wait before the files are read again. Watching names would miss a folder replaced by a link,
   * as Kubernetes does, and watching times what is written while the watch begins.
   */
  readonly pollMs?: number
  /** Unix milliseconds. */
  readonly now?: () => number
}

/** Two looks within the five seconds that docs/deployment/tls.md promises. */
export const TLS_POLL_MS = 2400
/** How often the log says that the files cannot be used: the next start could fail with them. */
export const UNUSABLE_EVERY_MS = 24 * 3_600_000

/**
 * Reads the files, and again after each pause.
 * @throws {ConfigError} when one cannot be read, or key and certificate are no pair.
 */
export async function openTls(
  files: TlsFiles,
  { logger, pollMs = TLS_POLL_MS, now = Date.now }: TlsOptions,
): Promise<TlsSource> {
  const listeners = new Set<(material: TlsMaterial) => void>()
  let current = await read(files).catch((cause: unknown) => {
    throw new ConfigError(`EMAILAUTH_TLS_CERT, _KEY, _CA: ${reason(cause)}`, { cause })
  })
  /** What the last look found. */
  let last = JSON.stringify(current)
  /** What was last taken or refused. */
  let seen = last
  /** When the log said last that the files cannot be used. undefined: they can. */
  let warnedAtMs: number | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  try {
    assertWhole(current)
  } catch (error) {
    // Node leaves out what has no end, and without the rest the start may be well.
    logger?.warn({ err: error }, 'a TLS file is not whole: correct it, because a part of it is not used')
  }
  const warnOfExpiry = createExpiryLog(logger, now)
  warnOfExpiry(current)

  /** One look at a time: of two, the one with the former files could end last. */
  async function look(): Promise<void> {
    const found = await readTexts(files).catch((error: unknown) => ({ error }))
    const text = JSON.stringify('error' in found ? reason(found.error) : found)
    // A file that ends between two certificates looks whole, so two looks must find the same.
    const isSettled = text === last
    last = text
    const isToBeSaid = warnedAtMs !== undefined && now() - warnedAtMs >= UNUSABLE_EVERY_MS
    if ((text !== seen || isToBeSaid) && isSettled && !isClosed) {
      seen = text
      take(found)
    }
    warnOfExpiry(current)
    lookLater()
  }

  function take(found: TlsMaterial | { readonly error: unknown }): void {
    try {
      if ('error' in found) throw found.error
      assertUsable(found)
      assertWhole(found)
      assertNotExpired(found)
    } catch (error) {
      // Certificate and key are written one after the other, so a mismatch passes once the second is written.
      warnedAtMs = now()
      logger?.warn({ err: error }, UNUSABLE)
      return
    }
    const isSame = JSON.stringify(found) === JSON.stringify(current)
    if (isSame && warnedAtMs !== undefined) logger?.info('the TLS files are those in use again')
    warnedAtMs = undefined
    if (isSame) return
    current = found
    for (const listener of listeners) listener(current)
    logger?.info('new TLS certificates are in use')
  }

  /** With expired ones every call would fail, and those in use may be good for days. */
  function assertNotExpired(found: TlsMaterial): void {
    const [there, inUse] = [expiryOf(found), expiryOf(current)]
    if (there === undefined || inUse === undefined) return
    const hasExpired = ({ expiresAtMs }: typeof there) => expiresAtMs <= now()
    if (hasExpired(there) && !hasExpired(inUse))
      throw new Error(`they have expired at ${new Date(there.expiresAtMs).toISOString()}`)
  }

  function lookLater(): void {
    if (!isClosed) timer = setTimeout(() => void look(), pollMs).unref()
  }
  lookLater()

  return {
    get current() {
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

const UNUSABLE = 'the TLS files cannot be used, and those in use stay: correct them before a restart'

async function read(files: TlsFiles): Promise<TlsMaterial> {
  const material = await readTexts(files)
  assertUsable(material)
  return material
}

/**
 * Node takes an empty text for an absent one, and a file is empty for a moment while it is written. Without a
 * certificate no client could connect, and without the authority those of all the world would be trusted.
 * @throws {Error} when a file holds none of what it should, or key and certificate are no pair.
 */
function assertUsable({ cert, key, ca }: TlsMaterial): void {
  for (const text of [cert, ca]) if (text !== undefined) new X509Certificate(text)
  if (key !== undefined) createPrivateKey(key)
  createSecureContext({ cert, key, ca })
}

const WHOLE = /-----BEGIN ([A-Z0-9 ]+)-----(?:(?!-----)[\s\S])+-----END \1-----/g
/** What is left of a certificate that is cut. A comment may have dashes too. */
const PART = /-----(BEGIN|END) |-----[A-Z]+$/

/**
 * Node leaves out an authority that has no end, and those whom it has signed would be refused.
 * @throws {Error} when a certificate has none.
 */
function assertWhole({ cert = '', ca = '' }: TlsMaterial): void {
  if ([cert, ca].some((text) => PART.test(text.replace(WHOLE, ''))))
    throw new Error('a certificate has no end: the file is not whole')
}

async function readTexts(files: TlsFiles): Promise<TlsMaterial> {
  const given = Object.entries(files).filter(([, path]) => path !== undefined)
  const texts = await Promise.all(given.map(async ([name, path]) => [name, await readFile(path, 'utf8')]))
  // The names of the files are those of the texts.
  return Object.fromEntries(texts) as TlsMaterial
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
