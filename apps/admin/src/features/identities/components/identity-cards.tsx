import { memo } from 'react'
import { Age } from '../../../components/age.tsx'
import { DeliveryBadge } from './delivery-badge.tsx'
import styles from './identity-cards.module.css'
import { IdentityLink, openRow } from './identity-link.tsx'
import type { IdentityListProps, IdentityRowProps } from './identity-list.ts'
import { RevokeButton } from './revoke-button.tsx'
import { TimeLeft } from './time-left.tsx'

/** The same list for narrow screens. */
export function IdentityCards({ identities, view, labelledBy, onRevoke }: IdentityListProps) {
  return (
    <ul className={styles.list} aria-labelledby={labelledBy}>
      {identities.map((identity) => (
        <IdentityCard key={identity.id} identity={identity} view={view} onRevoke={onRevoke} />
      ))}
    </ul>
  )
}

const IdentityCard = memo(function IdentityCard({ identity, view, onRevoke }: IdentityRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the card is the control; a tap beside it is a shortcut.
    <li className={styles.card} onClick={openRow}>
      <div className={styles.top}>
        <IdentityLink identity={identity} view={view} />
        <DeliveryBadge state={identity.delivery.state} />
      </div>
      <div className={styles.dimmed}>
        <span className={styles.tenant}>{identity.tenant.name}</span> · <Age since={identity.createdAt} />
      </div>
      <div className={styles.bottom}>
        <TimeLeft createdAt={identity.createdAt} expiresAt={identity.expiresAt} />
        <RevokeButton identity={identity} onRevoke={onRevoke} />
      </div>
    </li>
  )
})
