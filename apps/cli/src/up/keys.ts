import { type ApiKeyScope, createClient, EmailauthError } from '@emailauth/client'
import { type ApiKeyCreateRequest, createdApiKey } from '@emailauth/contracts/api-keys'
import { type Credentials, readCredentials, writeCredentials } from '../credentials.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import type { ServiceFetch } from './service-fetch.ts'

export interface KeysOptions {
  /** credentials.json */
  readonly path: string
  /** The gateway's base. */
  readonly url: string
  readonly inboxUrl: string | null
  readonly persistenceUrl: string
  readonly serviceToken: string
  /** Speaks with persistence. */
  readonly fetch: ServiceFetch
}

/**
 * Ensures that credentials.json holds working keys. Existing keys are kept while the gateway accepts them.
 */
export async function provideCredentials(options: KeysOptions): Promise<Credentials> {
  const { path, url, inboxUrl } = options
  const kept = (await readCredentials(path))?.credentials
  const [apiKey, adminKey] = await Promise.all([
    workingKey(url, kept?.apiKey, 'TENANT').then(
      (key) => key ?? createKey(options, { scope: 'tenant', tenantId: 'demo', name: 'cli' }),
    ),
    workingKey(url, kept?.adminKey, 'ADMIN').then(
      (key) => key ?? createKey(options, { scope: 'admin', name: 'cli admin' }),
    ),
  ])
  const credentials = { url, apiKey, adminKey, inboxUrl }
  await writeCredentials(path, credentials)
  return credentials
}

async function workingKey(
  url: string,
  key: string | undefined,
  scope: ApiKeyScope,
): Promise<string | undefined> {
  if (key === undefined || !/^[\x21-\x7e]+$/.test(key)) return undefined
  try {
    return (await createClient({ url, apiKey: key }).viewer()).scope === scope ? key : undefined
  } catch (error) {
    if (error instanceof EmailauthError && error.code === 'UNAUTHENTICATED') return undefined
    throw error
  }
}

/** The first keys cannot be made through the gateway, which asks for a key itself. */
async function createKey(
  { persistenceUrl, serviceToken, fetch }: KeysOptions,
  request: ApiKeyCreateRequest,
): Promise<string> {
  const response = await fetch(`${persistenceUrl}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) {
    throw new CliError(
      EXIT.failed,
      `persistence made no API key: it answered with status ${response.status}.`,
    )
  }
  return createdApiKey.parse(await response.json()).key
}
