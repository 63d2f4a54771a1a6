import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function BulkRevokeButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('identities')
  return (
    <Button color="red" onClick={onClick}>
      {t('revoke')}
    </Button>
  )
}
