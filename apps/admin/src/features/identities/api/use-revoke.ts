import { useApolloClient } from '@apollo/client/react'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RevokeIdentityDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import type { Identity } from './use-identity-page.ts'

/**
 * Revokes identities. One that is being revoked counts as revoked at once, and comes back only when the gateway did not do it.
 * Ids are never used twice, so a revoked one stays hidden from an answer that was already on its way.
 */
export function useRevoke() {
  const { t } = useTranslation()
  const client = useApolloClient()
  const [revoked, setRevoked] = useState<ReadonlySet<string>>(new Set())

  async function revoke({ id, email }: Identity): Promise<void> {
    setRevoked((ids) => new Set(ids).add(id))
    try {
      const { data } = await client.mutate({ mutation: RevokeIdentityDocument, variables: { id } })
      const outcome = data?.revokeIdentity ? 'revoked' : 'gone'
      notifications.show({
        color: outcome === 'revoked' ? 'green' : 'gray',
        title: t(`identities.toast.${outcome}`),
        message: t(`identities.toast.${outcome}Whom`, { email }),
        closeButtonProps: { 'aria-label': t('app.close') },
      })
    } catch (error) {
      setRevoked((ids) => new Set([...ids].filter((other) => other !== id)))
      const { kind, requestId } = toFailure(error)
      const reason = t(`failure.${kind}`) + (requestId ? ` ${t('failure.requestId')}: ${requestId}` : '')
      notifications.show({
        color: 'red',
        autoClose: false,
        title: t('identities.toast.failed'),
        message: t('identities.toast.failedWhom', { email, reason }),
        closeButtonProps: { 'aria-label': t('app.close') },
      })
    }
  }

  return { revoke, revoked }
}
