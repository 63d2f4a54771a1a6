import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import type { Identity } from '../identity-list.ts'
import styles from './identity-panel.module.css'
import { Moment } from './moment.tsx'
import { TimeLeft } from './time-left.tsx'

/** What an admin may see of an identity: never its number or token. */
export function IdentityFacts({ id, identity }: { id: string; identity: Identity | undefined }) {
  const { t } = useTranslation('identities')
  const message = identity?.message
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [
      t('panel.id'),
      <span key="id" className={styles.id}>
        {id}
        <CopyIcon value={id} what={t('panel.id')} />
      </span>,
    ],
    [t('tenant'), identity && `${identity.tenant.name} (${identity.tenant.id})`],
    [t('panel.expires'), identity && <Moment key="expires" at={identity.expiresAt} />],
    [
      t('timeLeft'),
      identity && <TimeLeft key="left" createdAt={identity.createdAt} expiresAt={identity.expiresAt} />,
    ],
    [t('panel.attempts'), message?.attempts],
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
