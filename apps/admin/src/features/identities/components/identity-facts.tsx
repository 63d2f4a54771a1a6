import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import type { PastEvent } from '../api/use-identity.ts'
import type { Identity } from '../identity-list.ts'
import styles from './identity-panel.module.css'
import { Moment } from './moment.tsx'
import { TimeLeft } from './time-left.tsx'

interface IdentityFactsProps {
  readonly id: string
  /** Undefined: it has ended. */
  readonly identity: Identity | undefined
  readonly events: readonly PastEvent[]
}

/** What an admin may see of an identity: never its number or token. */
export function IdentityFacts({ id, identity, events }: IdentityFactsProps) {
  const { t } = useTranslation('identities')
  const message = identity?.message
  const requestId = events.find((event) => event.requestId !== null)?.requestId
  const tenantId = id.slice(0, id.indexOf('.'))
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [
      t('panel.id'),
      <span key="id" className={styles.id}>
        {id}
        <CopyIcon value={id} what={t('panel.id')} />
      </span>,
    ],
    [
      t('panel.request'),
      requestId && (
        <span key="request" className={styles.id}>
          {requestId}
          <CopyIcon value={requestId} what={t('panel.request')} />
        </span>
      ),
    ],
    [t('tenant'), identity ? `${identity.tenant.name} (${tenantId})` : tenantId],
    [t('panel.expires'), identity && <Moment key="expires" at={identity.expiresAt} />],
    [
      t('timeLeft'),
      identity && <TimeLeft key="left" createdAt={identity.createdAt} expiresAt={identity.expiresAt} />,
    ],
    [t('panel.attempts'), message?.attempts],
    [t('panel.relay'), message?.relay],
    [t('panel.reply'), message?.reply],
    [t('panel.nextAttempt'), message?.nextAttemptAt && <Moment key="next" at={message.nextAttemptAt} />],
  ]
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([label, value]) => [<dt key={`${label} label`}>{label}</dt>, <dd key={label}>{value}</dd>])}
    </dl>
  )
}
