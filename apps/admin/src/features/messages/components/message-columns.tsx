import { Menu } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import { StateBadge, type Tone } from '../../../components/state-badge.tsx'
import type { MessageState } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { readableEmail } from '../../../lib/readable-email.ts'
import { formatTime } from '../../../lib/time.ts'
import type { Message } from '../api/use-message-list.ts'
import { PROBLEM_STATES } from '../view.ts'
import styles from './message-columns.module.css'

const TONES: Readonly<Record<MessageState, Tone>> = {
  SENT: 'good',
  QUEUED: 'plain',
  DEFERRED: 'warning',
  BOUNCED: 'bad',
  REJECTED: 'bad',
  EXPIRED: 'plain',
  DROPPED: 'plain',
}

interface Acts {
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
  { onRetry, onDrop }: Acts,
): readonly Column<Message>[] {
  const { t } = useTranslation('messages')
  const { t: common } = useTranslation()
  const locale = useLocale()
  return useMemo(() => {
    const actions: Column<Message> = {
      id: 'actions',
      header: t('actions'),
      headerHidden: true,
      width: '4.5rem',
      align: 'end',
      cell: (message) => {
        if (message.state !== 'DEFERRED') return null
        const name = message.identity?.email ?? message.identityId
        return (
          <RowMenu label={common('app.table.actionsFor', { name })}>
            <Menu.Item onClick={() => onRetry(message)}>{t('retry')}</Menu.Item>
            <Menu.Item c="var(--app-bad)" onClick={() => onDrop(message)}>
              {t('drop')}
            </Menu.Item>
          </RowMenu>
        )
      },
    }
    const tenant: Column<Message> = {
      id: 'tenant',
      header: t('tenant'),
      width: '11%',
      hideBelow: 'wide',
      // The id of an identity begins with its tenant's.
      cell: ({ identityId }) => identityId.slice(0, identityId.indexOf('.')),
    }
    const reason: Column<Message> = {
      id: 'reason',
      header: t('reason'),
      width: '15%',
      hideBelow: 'narrow',
      cell: (message) => (message.reason ? t(`reasons.${message.reason}`) : '–'),
    }
    return [
      {
        id: 'recipient',
        header: t('recipient'),
        isRowHeader: true,
        cell: ({ identity, identityId }) => (
          <RowLink to={`/identities?${new URLSearchParams({ open: identityId })}`} title={identityId}>
            {identity ? (
              <bdi>{readableEmail(identity.email)}</bdi>
            ) : (
              // Its address is deleted with the identity. The id still finds its timeline.
              <span className={styles.ended}>
                {t('ended')} <code>{identityId.slice(identityId.indexOf('.') + 1)}</code>
              </span>
            )}
          </RowLink>
        ),
      },
      {
        id: 'state',
        header: t('state'),
        width: '6.5rem',
        cell: ({ state }) => <StateBadge tone={TONES[state]}>{t(`states.${state}`)}</StateBadge>,
      },
      ...(isOfAll ? [tenant] : []),
      ...(PROBLEM_STATES.includes(state) ? [reason] : []),
      {
        id: 'relay',
        header: t('relay'),
        width: '9.5rem',
        hideBelow: 'wide',
        cell: ({ relay }) => <span title={relay ?? undefined}>{relay ?? '–'}</span>,
      },
      {
        id: 'reply',
        header: t('reply'),
        width: isOfAll ? '18%' : '22%',
        hideBelow: 'medium',
        cell: ({ reply }) => <span title={reply ?? undefined}>{reply ?? '–'}</span>,
      },
      {
        id: 'attempts',
        header: t('attempts'),
        width: '5rem',
        align: 'end',
        hideBelow: 'wide',
        cell: ({ attempts }) => attempts,
      },
      {
        id: 'changed',
        header: t('changed'),
        width: state === 'DEFERRED' ? '9rem' : '6.5rem',
        hideBelow: 'narrow',
        cell: ({ updatedAt, nextAttemptAt }) => (
          <>
            <Age since={updatedAt} />
            {nextAttemptAt !== null && ` → ${formatTime(locale, nextAttemptAt)}`}
          </>
        ),
      },
      ...(state === 'DEFERRED' ? [actions] : []),
    ]
  }, [t, common, locale, state, isOfAll, onRetry, onDrop])
}
