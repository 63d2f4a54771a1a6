import { Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { Email } from '../../../components/email.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { useNow } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatTime, formatTimeLeft, isoTimeLeft } from '../../../lib/time.ts'
import type { Message } from '../api/use-message-list.ts'
import { MESSAGE_TONES } from '../message-tones.ts'
import styles from './message-cells.module.css'

/** The reason of a state if there is one, which says more. */
export function StateCell({ message: { state, reason } }: { message: Message }) {
  const { t } = useTranslation('messages')
  return (
    <StateBadge tone={MESSAGE_TONES[state]}>
      {reason ? t(`reasons.${reason}`) : t(`states.${state}`)}
    </StateBadge>
  )
}

/** With an identity its address is deleted. Its id still finds the timeline. */
export function Recipient({ message: { identity, identityId } }: { message: Message }) {
  const { t } = useTranslation('messages')
  if (identity) return <Email value={identity.email} />
  return (
    <span className={styles.ended}>
      {t('ended')} <code>{identityId.slice(identityId.indexOf('.') + 1)}</code>
    </span>
  )
}

/** When the state changed, and when the message is tried again. */
export function Changed({ message: { updatedAt, nextAttemptAt } }: { message: Message }) {
  return (
    <>
      <Age since={updatedAt} />
      {nextAttemptAt !== null && <NextAttempt at={nextAttemptAt} />}
    </>
  )
}

interface OnPhoneProps {
  readonly message: Message
  /** Its name; false in a list of one tenant. */
  readonly tenant: ReactNode
}

/** What the columns say that a phone has no room for. */
export function OnPhone({ message, tenant }: OnPhoneProps) {
  return (
    <span className={styles.onPhone}>
      <StateCell message={message} />
      {tenant !== false && <span className={styles.tenant}>{tenant}</span>}
      <span className={styles.time}>
        <Changed message={message} />
      </span>
    </span>
  )
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

interface MessageActionsProps {
  readonly message: Message
  readonly busy: boolean
  readonly onRetry: (message: Message) => void
  readonly onDrop: (message: Message) => void
}

/** What an admin can do about a message. Only one that waits can be sent now or dropped. */
export function MessageActions({ message, busy, onRetry, onDrop }: MessageActionsProps) {
  const { t } = useTranslation('messages')
  const { t: common } = useTranslation()
  if (message.state !== 'DEFERRED') return null
  const name = message.identity?.email ?? message.identityId
  return (
    <RowMenu label={common('app.table.actionsFor', { name })} busy={busy}>
      <Menu.Item onClick={() => onRetry(message)}>{t('retry')}</Menu.Item>
      <Menu.Item c="var(--app-bad)" onClick={() => onDrop(message)}>
        {t('drop')}
      </Menu.Item>
    </RowMenu>
  )
}
