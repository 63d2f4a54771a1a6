import { VisuallyHidden } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { DeliveryBadge } from './delivery-badge.tsx'
import { IdentityLink, openRow } from './identity-link.tsx'
import type { IdentityListProps, IdentityRowProps } from './identity-list.ts'
import styles from './identity-table.module.css'
import { RevokeButton } from './revoke-button.tsx'
import { TimeLeft } from './time-left.tsx'

export function IdentityTable({ identities, view, labelledBy, onRevoke }: IdentityListProps) {
  const { t } = useTranslation()
  return (
    <table className={styles.table} aria-labelledby={labelledBy}>
      <caption>
        <VisuallyHidden>{t('identities.caption')}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('identities.email')}</th>
          <th scope="col">{t('identities.tenant')}</th>
          <th scope="col">{t('identities.delivery')}</th>
          <th scope="col">{t('identities.registered')}</th>
          <th scope="col">{t('identities.timeLeft')}</th>
          <th scope="col">
            <VisuallyHidden>{t('identities.actions')}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {identities.map((identity) => (
          <IdentityRow key={identity.id} identity={identity} view={view} onRevoke={onRevoke} />
        ))}
      </tbody>
    </table>
  )
}

// Answers come every second and mostly say the same; only what changed is drawn anew.
const IdentityRow = memo(function IdentityRow({ identity, view, onRevoke }: IdentityRowProps) {
  return (
    <tr onClick={openRow} data-open={identity.id === view.open || undefined}>
      <th scope="row">
        <IdentityLink identity={identity} view={view} />
      </th>
      <td className={styles.cut} title={identity.tenant.name}>
        {identity.tenant.name}
      </td>
      <td>
        <DeliveryBadge state={identity.delivery.state} />
      </td>
      <td>
        <Age since={identity.createdAt} />
      </td>
      <td>
        <TimeLeft createdAt={identity.createdAt} expiresAt={identity.expiresAt} />
      </td>
      <td>
        <RevokeButton identity={identity} onRevoke={onRevoke} />
      </td>
    </tr>
  )
})
