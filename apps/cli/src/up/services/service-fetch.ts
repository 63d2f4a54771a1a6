import { readFile } from 'node:fs/promises'
import { CliError, EXIT } from '../../exit-codes.ts'
import type { TlsPlan } from '../home/plan.ts'

/** What of `fetch` is used to speak with the services. */
export type ServiceFetch = (
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<Pick<Response, 'ok' | 'status' | 'headers' | 'text' | 'json'>>

/**
 * `fetch` that shows the services' certificate and trusts their authority; the plain one without TLS.
 * @throws {CliError} when a file cannot be read, or holds no certificate.
 */
export async function createServiceFetch(tls: TlsPlan | undefined): Promise<ServiceFetch> {
  if (tls === undefined) return fetch
  const read = (path: string) =>
    readFile(path, 'utf8').catch((cause: unknown) => {
      throw new CliError(EXIT.failed, `The TLS file ${path} cannot be read.`, { cause })
    })
  const [cert, key, ca] = await Promise.all([
    read(tls.cert),
    read(tls.key),
    ...(tls.ca === undefined ? [] : [read(tls.ca)]),
  ])
  await requireCertificate(tls.cert, cert)
  if (tls.ca !== undefined) await requireCertificate(tls.ca, ca)
  const { createTlsFetch } = await import('./tls-fetch.ts')
  return createTlsFetch({ cert, key, ...(ca === undefined ? {} : { ca }) })
}

/** Node takes an empty authority for an absent one, and would trust those of all the world. */
async function requireCertificate(path: string, text = ''): Promise<void> {
  const { X509Certificate } = await import('node:crypto')
  try {
    new X509Certificate(text)
  } catch (cause) {
    throw new CliError(EXIT.failed, `The TLS file ${path} holds no certificate.`, { cause })
  }
}
