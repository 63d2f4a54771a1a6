import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DeliveryState } from '../../../generated/graphql.ts'
import styles from './delivery-badge.module.css'

/** How the mail fares, in a word and a colour. */
export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const { t } = useTranslation()
  return (
    <Badge className={styles.badge ?? ''} data-state={state} variant="default" tt="none" fw={600}>
      {t(`identities.state.${state}`)}
    </Badge>
  )
}
