import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import { DropMessageDocument, RetryMessagesDocument } from '../../../generated/graphql.ts'
import { useRowActs } from '../../../lib/row-acts.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { messageKey } from '../message-key.ts'
import { retryAll } from '../retry-all.ts'
import type { Message } from './use-message-list.ts'

/**
 * What an admin can do about messages that wait. Each act shows its result and then loads the list again.
 * @param tenantId undefined: all tenants
 */
export function useMessageActs(tenantId: string | undefined, reload: () => Promise<unknown>) {
  const { t } = useTranslation('messages')
  const { act } = useAct()
  const allRetries = useAct()
  const rows = useRowActs()
  const toast = useToast()

  async function retry(identityId: string) {
    const words = { failed: t('retryFailed'), done: t('retried', { count: 1 }) }
    const variables = { identityIds: [identityId] }
    if ((await act(RetryMessagesDocument, variables, words)) !== undefined) await reload()
  }
  async function retryEach() {
    const variables = { tenantId: tenantId ?? null }
    const words = { failed: t('retryFailed') }
    const count = await retryAll(
      async () => (await allRetries.act(RetryMessagesDocument, variables, words))?.retryMessages,
    )
    if (count > 0) toast.good(t('retried', { count }))
    await reload()
  }
  async function drop(identityId: string) {
    const words = { failed: t('dropFailed'), done: t('dropped') }
    if ((await act(DropMessageDocument, { identityId }, words)) !== undefined) await reload()
  }

  return {
    /** The messages whose act is under way, by `messageKey`. */
    busy: rows.busy,
    isRetryingAll: allRetries.busy,
    retry: (message: Message) => void rows.run(messageKey(message), () => retry(message.identityId)),
    retryAll: () => void retryEach(),
    drop: (message: Message) => void rows.run(messageKey(message), () => drop(message.identityId)),
  }
}
