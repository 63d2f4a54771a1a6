import { Button } from '@mantine/core'
import { IconArrowUp, IconMailOff } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { type Confirmation, ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { MessageState as Nothing } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, Page } from '../../../components/page.tsx'
import { useToast } from '../../../components/use-toast.ts'
import {
  type DeliveryReason,
  DropMessageDocument,
  type MessageState,
  RetryMessagesDocument,
} from '../../../generated/graphql.ts'
import { useRowActs } from '../../../lib/row-acts.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { useMessageList } from '../api/use-message-list.ts'
import { retryAll } from '../retry-all.ts'
import { messageKey, useMessageColumns } from './message-columns.tsx'

interface MessageLogProps {
  readonly tenantId: string | undefined
  readonly state: MessageState
  readonly reason: DeliveryReason | undefined
  readonly toolbar: ReactNode
}

/** Messages in one state: recipient, the relay's reply, and actions on those that wait. */
export function MessageLog({ tenantId, state, reason, toolbar }: MessageLogProps) {
  const { t } = useTranslation('messages')
  const { act } = useAct()
  const allRetries = useAct()
  const rows = useRowActs()
  const toast = useToast()
  const list = useMessageList(tenantId, state, reason)
  const { messages, failure, reload } = list
  const [confirmation, setConfirmation] = useState<Confirmation>()

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
  const columns = useMessageColumns(state, tenantId === undefined, {
    busy: rows.busy,
    onRetry: (message) => void rows.run(messageKey(message), () => retry(message.identityId)),
    onDrop: (message) =>
      setConfirmation({
        title: t('dropTitle'),
        text: t('dropText', { email: message.identity?.email ?? message.identityId }),
        act: t('drop'),
        run: () => void rows.run(messageKey(message), () => drop(message.identityId)),
      }),
  })

  return (
    <Page
      title={t('title')}
      toolbar={toolbar}
      actions={
        <>
          {list.news > 0 && (
            <Button
              radius="xl"
              leftSection={<IconArrowUp size={14} aria-hidden />}
              onClick={() => void reload()}
            >
              {t('news', { count: list.news })}
            </Button>
          )}
          {state === 'DEFERRED' && messages !== undefined && messages.length > 0 && (
            <ActButton variant="default" loading={allRetries.busy} onClick={() => void retryEach()}>
              {t('retryAll')}
            </ActButton>
          )}
        </>
      }
      fill
    >
      {messages === undefined ? (
        failure === undefined ? (
          <TableSkeleton />
        ) : (
          <Failed title={t('failed')} failure={failure} onRetry={() => void reload()} />
        )
      ) : messages.length > 0 ? (
        <DataTable
          columns={columns}
          rows={messages}
          idOf={messageKey}
          labelledBy={PAGE_TITLE_ID}
          onEndReached={list.hasMore ? list.loadMore : undefined}
          fill
        />
      ) : (
        <Nothing
          icon={<IconMailOff />}
          title={t(reason === undefined ? 'empty' : 'emptyOfReason')}
          hint={t('emptyHint')}
        />
      )}
      <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(undefined)} />
    </Page>
  )
}
