import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EventType } from '../../../generated/graphql.ts'
import { toneOf } from '../kinds.ts'
import styles from './event-badge.module.css'

/** What happened, in a word and a colour. */
export function EventBadge({ type }: { type: EventType }) {
  const { t } = useTranslation('events')
  return (
    <Badge className={styles.badge ?? ''} data-tone={toneOf(type)} variant="default" tt="none" fw={600}>
      {t(`type.${type}`)}
    </Badge>
  )
}
