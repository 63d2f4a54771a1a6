import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './selection-bar.module.css'

interface SelectionBarProps {
  readonly count: number
  readonly onClear: () => void
  /** Actions on all ticked rows. */
  readonly children: ReactNode
}

/** Shown at a table's foot while rows are ticked. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <section className={styles.bar} aria-label={t('app.table.selection')}>
      <span role="status">{t('app.table.selected', { count })}</span>
      {children}
      <Button variant="subtle" color="gray" onClick={onClear}>
        {t('app.table.clear')}
      </Button>
    </section>
  )
}
