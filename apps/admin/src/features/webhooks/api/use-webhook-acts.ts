import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import {
  DeleteWebhookDocument,
  ReplayWebhookEventsDocument,
  type ReplayWebhookEventsInput,
  UpdateWebhookDocument,
} from '../../../generated/graphql.ts'
import { useAct } from '../../tenants/api/use-act.ts'

/** Reads all that the page shows of webhooks again. */
export function useReloadWebhooks(): () => void {
  const queries = useQueryClient()
  return () => {
    void queries.invalidateQueries({
      predicate: ({ queryKey: [name] }) => typeof name === 'string' && name.startsWith('webhook'),
    })
  }
}

/** What can be done to an endpoint without further questions. */
export function useWebhookActs() {
  const { t } = useTranslation('webhooks')
  const { act, busy } = useAct()
  const toast = useToast()
  const reload = useReloadWebhooks()
  return {
    busy,
    async enable(id: string, enabled: boolean) {
      const words = { done: t(enabled ? 'enabled' : 'disabled'), failed: t('failedToChange') }
      await act(UpdateWebhookDocument, { input: { id, enabled } }, words)
      reload()
    },
    async remove(id: string): Promise<boolean> {
      const words = { done: t('deleted'), failed: t('failedToChange') }
      const done = await act(DeleteWebhookDocument, { id }, words)
      reload()
      return done !== undefined
    },
    async replay(input: ReplayWebhookEventsInput) {
      const data = await act(ReplayWebhookEventsDocument, { input }, { failed: t('replay.failed') })
      const count = data?.replayWebhookEvents.eventIds?.length
      if (count !== undefined) {
        if (count === 0) toast.plain(t('replay.none'), t('replay.noneHint'))
        else toast.good(t('replay.done', { count }))
      }
      reload()
    },
  }
}
