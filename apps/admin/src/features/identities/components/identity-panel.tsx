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
    if (failure === undefined) return <Loading />
    return <Failed title={t('panel.failed')} failure={failure} onRetry={() => void reload()} />
  }
  if (identity === undefined && history?.events.length === 0) {
    return <MessageState icon={<IconUserOff />} title={t('panel.unknown')} hint={t('panel.unknownHint')} />
  }
  const isLive = row?.end === undefined && history?.identity !== null
  const present = isLive ? identity : undefined
  const state = row?.state ?? live?.message?.state
  return (
    <Stack gap="lg">
      <div>
        <h2 className={styles.email}>{email ? <Email value={email} /> : id}</h2>
        {present && (
          <div className={styles.state}>
            <IdentityState identity={present} state={state} end={row?.end} />
            <bdi>{present.tenant.name}</bdi>
          </div>
        )}
        {!isLive && <p className={styles.over}>{t('panel.over')}</p>}
      </div>
      {present && (
        <Acts
          identity={present}
          isDeferred={state === 'DEFERRED'}
          onRevoke={onRevoke}
          onDone={() => void reload()}
        />
      )}
      {!isLive && email && <FindButton onFind={() => onFind(email)} />}
      <section aria-labelledby="timeline-title">
        <h3 className={styles.heading} id="timeline-title">
          {t('panel.timeline')}
        </h3>
        {history === undefined ? (
          <Skeleton height={120} />
        ) : (
          <Timeline events={history.events} ahead={aheadOf(present, live?.message)} />
        )}
      </section>
      <section aria-labelledby="facts-title">
        <h3 className={styles.heading} id="facts-title">
          {t('panel.details')}
        </h3>
        <IdentityFacts id={id} identity={present} events={history?.events ?? []} />
      </section>
    </Stack>
  )
}

function Loading() {
  const { t } = useTranslation('identities')
  return (
    <Stack role="status" aria-label={t('panel.loading')}>
      <Skeleton height={24} />
      <Skeleton height={160} />
    </Stack>
  )
}

/** For an identity that has ended: its address may have registered again. */
function FindButton({ onFind }: { readonly onFind: () => void }) {
  const { t } = useTranslation('identities')
  return (
    <div className={styles.acts}>
      <Button variant="default" onClick={onFind}>
        {t('panel.find')}
      </Button>
    </div>
  )
}

interface ActsProps extends Pick<IdentityPanelProps, 'onRevoke'> {
  readonly identity: Identity
  /** Whether its mail waits for another attempt. */
  readonly isDeferred: boolean
  readonly onDone: () => void
}

function Acts({ identity, isDeferred, onRevoke, onDone }: ActsProps) {
  const { t } = useTranslation('identities')
  return (
    <div className={styles.acts}>
      {isDeferred && <RetryButton id={identity.id} onDone={onDone} />}
      <ResendButton identity={identity} onDone={onDone} />
      <ActButton variant="default" c="var(--app-bad)" onClick={() => onRevoke(identity)}>
        {t('revoke')}
      </ActButton>
    </div>
  )
}

/** What is to come of a live identity, by itself. undefined: it has ended. */
function aheadOf(identity: Identity | undefined, message: Identity['message'] | undefined): StepAhead[] {
  if (identity === undefined) return []
  const next = message?.nextAttemptAt
  return [
    ...(next ? [{ name: 'nextAttempt', at: next } as const] : []),
    { name: 'expires', at: identity.expiresAt },
  ]
}
