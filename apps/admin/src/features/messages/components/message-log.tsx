import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { type Confirmation, ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconArrowUp, IconMailOff } from '../../../components/icons/page-icons.ts'
import { MessageState as Nothing } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, PageActions } from '../../../components/page.tsx'
import type { DeliveryReason, MessageState } from '../../../generated/graphql.ts'
import { useMessageActs } from '../api/use-message-acts.ts'
import { useMessageList } from '../api/use-message-list.ts'
import { messageKey } from '../message-key.ts'
import { useMessageColumns } from './message-columns.tsx'

interface MessageLogProps {
  readonly tenantId: string | undefined
  readonly state: MessageState
  readonly reason: DeliveryReason | undefined
}

/** Messages in one state: recipient, the relay's reply, and actions on those that wait. */
export function MessageLog({ tenantId, state, reason }: MessageLogProps) {
  const { t } = useTranslation('messages')
  const list = useMessageList(tenantId, state, reason)
  const { messages, failure, reload } = list
  const acts = useMessageActs(tenantId, reload)
  const [confirmation, setConfirmation] = useState<Confirmation>()
  const columns = useMessageColumns(state, tenantId === undefined, {
    busy: acts.busy,
    onRetry: acts.retry,
    onDrop: (message) =>
      setConfirmation({
        title: t('dropTitle'),
        text: t('dropText', { email: message.identity?.email ?? message.identityId }),
        act: t('drop'),
        run: () => acts.drop(message),
      }),
  })

  return (
    <>
      <PageActions>
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
          <ActButton variant="default" loading={acts.isRetryingAll} onClick={acts.retryAll}>
            {t('retryAll')}
          </ActButton>
        )}
      </PageActions>
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
    </>
  )
}
