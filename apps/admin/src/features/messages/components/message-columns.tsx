import { Menu } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { TwoLines } from '../../../components/data-table/two-lines.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import { StateBadge, type Tone } from '../../../components/state-badge.tsx'
import type { MessageState } from '../../../generated/graphql.ts'
import { useNow } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { readableEmail } from '../../../lib/readable-email.ts'
import { formatTime, formatTimeLeft, isoTimeLeft } from '../../../lib/time.ts'
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

/** Names a message among those of a list. */
export const messageKey = ({ identityId, messageId }: Message) => `${identityId} ${messageId}`

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
  const { t: common } = useTranslation()
  const hasReason = PROBLEM_STATES.includes(state)
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
          <RowMenu label={common('app.table.actionsFor', { name })} busy={busy.has(messageKey(message))}>
            <Menu.Item onClick={() => onRetry(message)}>{t('retry')}</Menu.Item>
            <Menu.Item c="var(--app-bad)" onClick={() => onDrop(message)}>
              {t('drop')}
            </Menu.Item>
          </RowMenu>
        )
      },
    }
    const stateOf = ({ state, reason }: Message) => (
      <StateBadge tone={TONES[state]}>{reason ? t(`reasons.${reason}`) : t(`states.${state}`)}</StateBadge>
    )
    // With an identity its address is deleted. Its id still finds the timeline.
    const recipientOf = ({ identity, identityId }: Message) =>
      identity ? (
        <bdi>{readableEmail(identity.email)}</bdi>
      ) : (
        <span className={styles.ended}>
          {t('ended')} <code>{identityId.slice(identityId.indexOf('.') + 1)}</code>
        </span>
      )
    const tenant: Column<Message> = {
      id: 'tenant',
      header: t('tenant'),
      width: '7.5rem',
      hideBelow: 'wide',
      // The id of an identity begins with its tenant's.
      cell: ({ identityId }) => identityId.slice(0, identityId.indexOf('.')),
    }
    return [
      {
        id: 'recipient',
        header: t('recipient'),
        isRowHeader: true,
        cell: (message) => (
          <TwoLines second={stateOf(message)}>
            <RowLink
              to={`/identities?${new URLSearchParams({ open: message.identityId })}`}
              title={message.identityId}
            >
              {recipientOf(message)}
            </RowLink>
          </TwoLines>
        ),
      },
      {
        id: 'state',
        // Where all have the same state, the reason says more.
        header: t(hasReason ? 'reason' : 'state'),
        width: hasReason ? '11rem' : '6.5rem',
        hideBelow: 'narrow',
        cell: stateOf,
      },
      ...(isOfAll ? [tenant] : []),
      {
        id: 'relay',
        header: t('relay'),
        width: '9rem',
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
        cell: ({ updatedAt, nextAttemptAt }) => (
          <>
            <Age since={updatedAt} />
            {nextAttemptAt !== null && <NextAttempt at={nextAttemptAt} />}
          </>
        ),
      },
      ...(state === 'DEFERRED' ? [actions] : []),
    ]
  }, [t, common, state, hasReason, isOfAll, busy, onRetry, onDrop])
}

/** How long until a message is tried again. */
function NextAttempt({ at }: { at: string }) {
  const locale = useLocale()
  const leftMs = Date.parse(at) - useNow()
  return (
    <>
      {' → '}
      <time dateTime={isoTimeLeft(leftMs)} title={formatTime(locale, at)}>
        {formatTimeLeft(leftMs)}
      </time>
    </>
  )
}
