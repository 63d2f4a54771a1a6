import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { TwoLines } from '../../../components/data-table/two-lines.tsx'
import type { MessageState } from '../../../generated/graphql.ts'
import { useTenantNames } from '../../tenants/api/use-tenant-names.ts'
import { TenantName } from '../../tenants/components/tenant-name.tsx'
import type { Message } from '../api/use-message-list.ts'
import { messageKey } from '../message-key.ts'
import { PROBLEM_STATES } from '../view.ts'
import { Changed, MessageActions, OnPhone, Recipient, StateCell } from './message-cells.tsx'

interface Acts {
  /** The rows whose act is under way, by `messageKey`. */
  readonly busy: ReadonlySet<string>
  readonly onRetry: (message: Message) => void
  readonly onDrop: (message: Message) => void
}

/**
 * The columns of a log of one state, with actions on messages that wait.
 * @param isOfAll whether the messages are those of all tenants
 */
export function useMessageColumns(
  state: MessageState,
  isOfAll: boolean,
  { busy, onRetry, onDrop }: Acts,
): readonly Column<Message>[] {
  const { t } = useTranslation('messages')
  const names = useTenantNames()
  const hasReason = PROBLEM_STATES.includes(state)
  return useMemo(() => {
    const tenant: Column<Message> = {
      id: 'tenant',
      header: t('tenant'),
      width: '7.5rem',
      hideBelow: 'wide',
      // The id of an identity begins with its tenant's.
      cell: ({ identityId }) => (
        <TenantName id={identityId.slice(0, identityId.indexOf('.'))} names={names} />
      ),
    }
    const actions: Column<Message> = {
      id: 'actions',
      header: t('actions'),
      headerHidden: true,
      width: '4.5rem',
      align: 'end',
      cell: (message) => (
        <MessageActions message={message} busy={busy.has(messageKey(message))} {...{ onRetry, onDrop }} />
      ),
    }
    return [
      {
        id: 'recipient',
        header: t('recipient'),
        isRowHeader: true,
        cell: (message) => (
          <TwoLines second={<OnPhone message={message} tenant={isOfAll && tenant.cell(message)} />}>
            <RowLink
              to={`/identities?${new URLSearchParams({ open: message.identityId })}`}
              title={message.identityId}
            >
              <Recipient message={message} />
            </RowLink>
          </TwoLines>
        ),
      },
      {
        id: 'state',
        // Where all have the same state, the reason says more.
        header: t(hasReason ? 'reason' : 'state'),
        width: hasReason ? '10rem' : '6.5rem',
        hideBelow: 'narrow',
        cell: (message) => <StateCell message={message} />,
      },
      ...(isOfAll ? [tenant] : []),
      {
        id: 'relay',
        header: t('relay'),
        width: '8rem',
        hideBelow: 'wide',
        cell: ({ relay }) => <span title={relay ?? undefined}>{relay ?? '–'}</span>,
      },
      {
        id: 'reply',
        header: t('reply'),
        width: state === 'DEFERRED' ? '15%' : '22%',
        hideBelow: 'medium',
        cell: ({ reply }) => <span title={reply ?? undefined}>{reply ?? '–'}</span>,
      },
      {
        id: 'attempts',
        header: t('attempts'),
        width: '4.5rem',
        align: 'end',
        hideBelow: 'wide',
        cell: ({ attempts }) => attempts,
      },
      {
        id: 'changed',
        header: t('changed'),
        width: state === 'DEFERRED' ? '8rem' : '6.5rem',
        hideBelow: 'narrow',
        cell: (message) => <Changed message={message} />,
      },
      ...(state === 'DEFERRED' ? [actions] : []),
    ]
  }, [t, state, hasReason, isOfAll, names, busy, onRetry, onDrop])
}
