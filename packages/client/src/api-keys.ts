import type { Call, RequestOptions } from './call.ts'
import {
  API_KEYS,
  CREATE_API_KEY,
  REVOKE_API_KEY,
  REVOKE_SESSION,
  ROTATE_API_KEY,
  SESSION_PAGE,
  VIEWER,
} from './generated/documents.ts'
import type { ApiKey, CreatedApiKey, Session, Viewer } from './generated/objects.ts'
import type { CreateApiKeyInput as AnyApiKeyInput } from './generated/operations.ts'
import type { Page } from './mails.ts'

/** A page of sessions, newest first. */
export interface SessionPageOptions {
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
}

export interface RevokeApiKeyOptions extends RequestOptions {
  /**
   * Also revokes the keys that were made or rotated with it, and those that were made with these: for an
   * admin key that was stolen.
   */
  readonly alsoMadeByIt?: boolean | undefined
}

/** A tenant's key needs its `tenantId`, an admin key has none. */
export type CreateApiKeyInput = Omit<AnyApiKeyInput, 'scope' | 'tenantId'> &
  ({ readonly scope: 'TENANT'; readonly tenantId: string } | { readonly scope: 'ADMIN' | 'ADMIN_READ_ONLY' })

export function apiKeyCalls(call: Call) {
  return {
    apiKeys: (tenantId?: string, options?: RequestOptions) =>
      call.read<readonly ApiKey[]>('apiKeys', API_KEYS, { tenantId }, options),
    createApiKey: (input: CreateApiKeyInput, options?: RequestOptions) =>
      call.once<CreatedApiKey>('createApiKey', CREATE_API_KEY, { input }, options),
    rotateApiKey: (id: string, overlapSeconds?: number, options?: RequestOptions) =>
      call.once<CreatedApiKey | null>('rotateApiKey', ROTATE_API_KEY, { id, overlapSeconds }, options),
    revokeApiKey: (id: string, { alsoMadeByIt, ...options }: RevokeApiKeyOptions = {}) =>
      call.once<boolean>('revokeApiKey', REVOKE_API_KEY, { id, alsoMadeByIt }, options),
    sessions: async (options?: RequestOptions) =>
      (await call.read<Page<Session>>('sessionConnection', SESSION_PAGE, { first: 200 }, options)).nodes,
    sessionPage: (page: SessionPageOptions = {}, options?: RequestOptions) =>
      call.read<Page<Session>>('sessionConnection', SESSION_PAGE, { ...page }, options),
    revokeSession: (id: string, options?: RequestOptions) =>
      call.once<boolean>('revokeSession', REVOKE_SESSION, { id }, options),
    viewer: (options?: RequestOptions) => call.read<Viewer>('viewer', VIEWER, {}, options),
  }
}
