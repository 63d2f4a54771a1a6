import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import { RevokeIdentityDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Identity } from '../identity-list.ts'

/** Parallel calls. Many more would make the gateway refuse other callers. */
const AT_ONCE = 8

/** Revokes identities and shows the result. Rows change by the events that follow. */
export function useRevoke() {
  const { t } = useTranslation('identities')
  const client = useGraphql()
  const toast = useToast()

  const revoke = useCallback(
    async (identities: readonly Pick<Identity, 'id' | 'email'>[]): Promise<void> => {
      const waiting = [...identities]
      let [revoked, gone] = [0, 0]
      const failures: Failure[] = []
      const work = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          try {
            const { revokeIdentity } = await client.ask(RevokeIdentityDocument, { id: next.id })
            if (revokeIdentity) revoked++
            else gone++
          } catch (error) {
            failures.push(toFailure(error))
          }
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
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
