import type { ApiKey } from '@emailauth/contracts/api-keys'

/** What persistence answers about a working key. */
export const anApiKey = (changes: Partial<ApiKey> = {}): ApiKey => ({
  id: 'abcdefghijkl',
  scope: 'admin',
  tenantId: null,
  name: '',
  revokedAt: null,
  createdAt: '2026-11-20T10:00:00.000Z',
  expiresAt: null,
  lastUsedAt: null,
  createdBy: null,
  ...changes,
})
