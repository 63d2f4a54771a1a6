import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'

export function BulkRevokeButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('identities')
  return (
    <ActButton color="red" onClick={onClick}>
      {t('revoke')}
    </ActButton>
  )
}
