import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Identity } from '../api/use-identity-page.ts'

interface RevokeButtonProps {
  readonly identity: Identity
  readonly onRevoke: (identity: Identity) => void
}

export function RevokeButton({ identity, onRevoke }: RevokeButtonProps) {
  const { t } = useTranslation()
  return (
    <Button
      size="compact-sm"
      variant="default"
      fw={500}
      aria-label={t('identities.revokeWhom', { email: identity.email })}
      onClick={() => onRevoke(identity)}
    >
      {t('identities.revoke')}
    </Button>
  )
}
