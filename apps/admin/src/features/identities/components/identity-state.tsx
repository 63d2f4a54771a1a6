import { useTranslation } from 'react-i18next'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { MessageState } from '../../../generated/graphql.ts'
import { useNow } from '../../../lib/clock.ts'
import { MESSAGE_TONES } from '../../messages/message-tones.ts'
import type { End, Identity } from '../identity-list.ts'

interface IdentityStateProps {
  readonly identity: Identity
  readonly state: MessageState | undefined
  readonly end: End | undefined
}

/** Delivery state of a live identity, or how the identity ended. */
export function IdentityState({ identity, state, end }: IdentityStateProps) {
  const { t } = useTranslation('identities')
  const isPast = Date.parse(identity.expiresAt) <= useNow()
  const over = end ?? (isPast ? 'EXPIRED' : undefined)
  if (over !== undefined) {
    return <StateBadge tone={over === 'VERIFIED' ? 'good' : 'plain'}>{t(`end.${over}`)}</StateBadge>
  }
  if (state === undefined) return <span title={t('mailUnknown')}>–</span>
  return <StateBadge tone={MESSAGE_TONES[state]}>{t(`mail.${state}`)}</StateBadge>
}
