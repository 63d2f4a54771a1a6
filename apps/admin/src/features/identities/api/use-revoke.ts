import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import { RevokeIdentityDocument } from '../../../generated/graphql.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Identity } from '../identity-list.ts'
import { revokeAll } from '../revoke-all.ts'

/** Revokes identities and shows the result. Rows change by the events that follow. */
export function useRevoke() {
  const { t } = useTranslation('identities')
  const client = useGraphql()
  const toast = useToast()

  const revoke = useCallback(
    async (identities: readonly Pick<Identity, 'id' | 'email'>[]): Promise<void> => {
      const { revoked, gone, failures } = await revokeAll(
        identities.map(({ id }) => id),
        async (id) => (await client.ask(RevokeIdentityDocument, { id })).revokeIdentity,
      )
      const [failure] = failures
      const who = identities.length === 1 ? (identities[0]?.email ?? '') : ''
      if (failure !== undefined) {
        toast.failed(t('toast.failed', { count: failures.length }), failure, who)
      } else if (revoked === 0) toast.plain(t('toast.gone', { count: gone }), who)
      else toast.good(t('toast.revoked', { count: revoked }), who)
    },
    [client, t, toast],
  )
  return { revoke }
}
