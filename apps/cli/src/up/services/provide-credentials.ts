import { type ApiKeyScope, createClient, EmailauthError } from '@emailauth/client'
import type { ApiKeyCreateRequest } from '@emailauth/contracts/api-keys'
import { type Credentials, readCredentials, writeCredentials } from '../../connection/credentials.ts'
import { createKeyAt, type PersistenceAccess } from './create-key.ts'

export interface KeysOptions extends PersistenceAccess {
  /** credentials.json */
  readonly path: string
  /** The gateway's base. */
  readonly url: string
  readonly inboxUrl: string | null
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
async function createKey(options: KeysOptions, request: ApiKeyCreateRequest): Promise<string> {
  return (await createKeyAt(options, request)).key
}
