import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { ConfigError } from './config.ts'
import type { Logger } from './logger.ts'

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
   * Calls the listener with each new set. A set that does not match is ignored and logged.
   * @returns ends these calls
   */
  onChange(listener: (material: TlsMaterial) => void): () => void
  close(): void
}

export interface TlsOptions {
  readonly logger: Pick<Logger, 'info' | 'warn'> | undefined
  /**
   * How often to check the files. Watching names would miss a folder replaced by a link, as Kubernetes does.
   */
  readonly pollMs?: number
}

export const TLS_POLL_MS = 5000

/**
 * Reads the files, and reads them again whenever one of them changes.
 * @throws {ConfigError} when one cannot be read, or key and certificate are no pair.
 */
export async function openTls(
  files: TlsFiles,
  { logger, pollMs = TLS_POLL_MS }: TlsOptions,
): Promise<TlsSource> {
  const paths = Object.values(files).filter((path) => path !== undefined)
  const listeners = new Set<(material: TlsMaterial) => void>()
  let current = await read(files).catch((cause: unknown) => {
    throw new ConfigError(`EMAILAUTH_TLS_CERT, _KEY, _CA: ${reason(cause)}`, { cause })
  })

  async function readAgain(): Promise<void> {
    try {
      const fresh = await read(files)
      if (JSON.stringify(fresh) === JSON.stringify(current)) return
      current = fresh
      for (const listener of listeners) listener(current)
      logger?.info('new TLS certificates are in use')
    } catch (error) {
      // Certificate and key are written one after the other, so a mismatch passes once the second is written.
      logger?.warn({ err: error }, 'the TLS files do not fit together; the former ones stay in use')
    }
  }
  const changed = () => void readAgain()
  for (const path of paths) watchFile(path, { interval: pollMs, persistent: false }, changed)

  return {
    get current() {
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      for (const path of paths) unwatchFile(path, changed)
    },
  }
}

async function read(files: TlsFiles): Promise<TlsMaterial> {
  const given = Object.entries(files).filter(([, path]) => path !== undefined)
  const texts = await Promise.all(given.map(async ([name, path]) => [name, await readFile(path, 'utf8')]))
  const material = Object.fromEntries(texts) as TlsMaterial
  createSecureContext(material)
  return material
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
