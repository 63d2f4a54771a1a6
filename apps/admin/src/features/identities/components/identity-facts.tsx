import { useTranslation } from 'react-i18next'
import { CopiedValue, type Fact, Facts } from '../../../components/facts.tsx'
import { isolate } from '../../../lib/i18n/isolate.ts'
import type { PastEvent } from '../api/use-identity.ts'
import type { Identity } from '../identity-list.ts'
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
  const facts: readonly Fact[] = [
    [t('panel.id'), <CopiedValue key="id" value={id} what={t('panel.id')} />],
    [
      t('panel.request'),
      requestId && <CopiedValue key="request" value={requestId} what={t('panel.request')} />,
    ],
    [t('tenant'), identity ? `${isolate(identity.tenant.name)} (${tenantId})` : tenantId],
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
  return <Facts facts={facts} />
}
