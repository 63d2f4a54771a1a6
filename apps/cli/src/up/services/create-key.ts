import { type ApiKeyCreateRequest, type CreatedApiKey, createdApiKey } from '@emailauth/contracts/api-keys'
import { problem } from '@emailauth/contracts/problems'
import { CliError, EXIT } from '../../exit-codes.ts'
import type { ServiceFetch } from './service-fetch.ts'

/** How persistence is called past the gateway. */
export interface PersistenceAccess {
  readonly persistenceUrl: string
  readonly serviceToken: string
  readonly fetch: ServiceFetch
}

const TIMEOUT_MS = 10_000

/**
 * Creates an API key at persistence itself.
 * @throws {CliError} that says what is wrong: nobody answers, the token is refused, or the key is.
 */
export async function createKeyAt(
  { persistenceUrl, serviceToken, fetch }: PersistenceAccess,
  request: ApiKeyCreateRequest,
): Promise<CreatedApiKey> {
  const response = await fetch(`${persistenceUrl}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new CliError(EXIT.unreachable, `persistence does not answer at ${persistenceUrl}.`, {
      hint: 'Start it, or set EMAILAUTH_PERSISTENCE_URL, EMAILAUTH_PERSISTENCE_PORT or EMAILAUTH_TLS_… as it has them.',
      cause,
    })
  })
  if (response.ok) return createdApiKey.parse(await response.json())
  if (response.status === 401) {
    throw new CliError(EXIT.notAuthenticated, 'persistence refuses this EMAILAUTH_SERVICE_TOKEN.', {
      hint: 'Use the token that persistence has.',
    })
  }
  const said = problem.safeParse(await response.json().catch(() => undefined))
  const why = said.success ? said.data.detail : `it answered with status ${response.status}.`
  throw new CliError(EXIT.failed, `persistence made no API key: ${why}`)
}
