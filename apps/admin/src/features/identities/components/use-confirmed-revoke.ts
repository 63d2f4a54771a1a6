import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Confirmation } from '../../../components/confirm-dialog.tsx'
import { useRevoke } from '../api/use-revoke.ts'
import type { Identity } from '../identity-list.ts'

/**
 * Revokes identities after the admin has confirmed it, for more than one by typing how many they are.
 * @param onConfirmed runs before the identities are revoked
 */
export function useConfirmedRevoke(onConfirmed: () => void) {
  const { t } = useTranslation('identities')
  const { revoke } = useRevoke()
  const [confirmation, setConfirmation] = useState<Confirmation>()
  const askRevoke = useCallback(
    (identities: readonly Identity[]) =>
      setConfirmation({
        title: t('confirm.title', { count: identities.length }),
        text:
          identities.length === 1
            ? t('confirm.textOne', { email: identities[0]?.email ?? '' })
            : t('confirm.textMany'),
        act: t('revoke'),
        ...(identities.length > 1 && { typed: String(identities.length) }),
        run: () => {
          onConfirmed()
          void revoke(identities)
        },
      }),
    [t, revoke, onConfirmed],
  )
  const close = useCallback(() => setConfirmation(undefined), [])
  return { askRevoke, confirmation, close }
}
