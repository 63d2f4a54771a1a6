import { Button, Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Email } from '../../../components/email.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconUserOff } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { SidePanel } from '../../../components/side-panel.tsx'
import { useIdentity } from '../api/use-identity.ts'
import type { Identity, Row } from '../identity-list.ts'
import { IdentityFacts } from './identity-facts.tsx'
import styles from './identity-panel.module.css'
import { IdentityState } from './identity-state.tsx'
import { ResendButton } from './resend-button.tsx'
import { RetryButton } from './retry-button.tsx'
import { type StepAhead, Timeline } from './timeline.tsx'

interface IdentityPanelProps {
  readonly id: string
  /** The list's row, so that the panel opens filled. */
  readonly row: Row | undefined
  readonly onClose: () => void
  readonly onRevoke: (identity: Identity) => void
  /** Searches for the address, which may have registered again. */
  readonly onFind: (email: string) => void
}

/** Details of an identity: address, history and actions. */
export default function IdentityPanel({ id, row, onClose, ...acts }: IdentityPanelProps) {
  const { t } = useTranslation('identities')
  return (
    <SidePanel key={id} label={t('panel.label')} onClose={onClose}>
      <Content id={id} row={row} {...acts} />
    </SidePanel>
  )
}

function Content({ id, row, onRevoke, onFind }: Omit<IdentityPanelProps, 'onClose'>) {
  const { t } = useTranslation('identities')
  // The row's state changes with each event of the identity.
  const { history, failure, reload } = useIdentity(id, `${row?.state} ${row?.end}`)
  const live = history?.identity ?? undefined
  const identity = live ?? row?.identity
  const email = identity?.email ?? history?.events.find((event) => event.email !== null)?.email
  if (history === undefined && identity === undefined) {
    if (failure !== undefined) {
      return <Failed title={t('panel.failed')} failure={failure} onRetry={() => void reload()} />
    }
    return (
      <Stack role="status" aria-label={t('panel.loading')}>
        <Skeleton height={24} />
        <Skeleton height={160} />
      </Stack>
    )
  }
  if (identity === undefined && history?.events.length === 0) {
    return <MessageState icon={<IconUserOff />} title={t('panel.unknown')} hint={t('panel.unknownHint')} />
  }
  const isLive = row?.end === undefined && history?.identity !== null
  return (
    <Stack gap="lg">
      <div>
        <h2 className={styles.email}>
          {email === undefined || email === null ? id : <Email value={email} />}
        </h2>
        {identity !== undefined && isLive && (
          <div className={styles.state}>
            <IdentityState identity={identity} state={row?.state ?? live?.message?.state} end={row?.end} />
            <bdi>{identity.tenant.name}</bdi>
          </div>
        )}
        {!isLive && <p className={styles.over}>{t('panel.over')}</p>}
      </div>
      {identity !== undefined && isLive && (
        <div className={styles.acts}>
          {(row?.state ?? live?.message?.state) === 'DEFERRED' && (
            <RetryButton id={id} onDone={() => void reload()} />
          )}
          <ResendButton identity={identity} onDone={() => void reload()} />
          <ActButton variant="default" c="var(--app-bad)" onClick={() => onRevoke(identity)}>
            {t('revoke')}
          </ActButton>
        </div>
      )}
      {!isLive && email && (
        <div className={styles.acts}>
          <Button variant="default" onClick={() => onFind(email)}>
            {t('panel.find')}
          </Button>
        </div>
      )}
      <section aria-labelledby="timeline-title">
        <h3 className={styles.heading} id="timeline-title">
          {t('panel.timeline')}
        </h3>
        {history === undefined ? (
          <Skeleton height={120} />
        ) : (
          <Timeline events={history.events} ahead={isLive ? aheadOf(identity, live?.message) : []} />
        )}
      </section>
      <section aria-labelledby="facts-title">
        <h3 className={styles.heading} id="facts-title">
          {t('panel.details')}
        </h3>
        <IdentityFacts id={id} identity={isLive ? identity : undefined} events={history?.events ?? []} />
      </section>
    </Stack>
  )
}

/** What is to come of a live identity, by itself. */
function aheadOf(identity: Identity | undefined, message: Identity['message'] | undefined): StepAhead[] {
  if (identity === undefined) return []
  const next = message?.nextAttemptAt
  return [
    ...(next ? [{ name: 'nextAttempt', at: next } as const] : []),
    { name: 'expires', at: identity.expiresAt },
  ]
}
