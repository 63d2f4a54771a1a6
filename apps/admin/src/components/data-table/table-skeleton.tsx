import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './table-skeleton.module.css'

/** Placeholder of a list that loads for the first time. */
export function TableSkeleton({ rows = 10 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div className={styles.skeleton} role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={12} radius="sm" width={`${94 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  )
}
