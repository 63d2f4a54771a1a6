import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { RetryMessagesDocument } from '../../../generated/graphql.ts'
import { useAct } from '../../tenants/api/use-act.ts'

/** Tries a deferred mail of an identity at once. */
export function RetryButton({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation('identities')
  const { act, busy } = useAct()
  async function retry() {
    const words = { done: t('retry.done'), failed: t('retry.failed') }
    if ((await act(RetryMessagesDocument, { identityIds: [id] }, words)) !== undefined) onDone()
  }
  return (
    <ActButton variant="default" loading={busy} onClick={() => void retry()}>
      {t('retry.act')}
    </ActButton>
  )
}
