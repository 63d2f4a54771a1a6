import { Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import styles from './pager.module.css'

interface PagerProps {
  /** Absent: there is no such page. */
  readonly onPrevious: (() => void) | undefined
  readonly onNext: (() => void) | undefined
}

/** Steps from page to page. The list is ordered by time and changes all the while, so pages have no numbers. */
export function Pager({ onPrevious, onNext }: PagerProps) {
  const { t } = useTranslation()
  if (onPrevious === undefined && onNext === undefined) return null
  return (
    <nav className={styles.pager} aria-label={t('identities.pages.label')}>
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={16} />}
        disabled={onPrevious === undefined}
        onClick={onPrevious}
      >
        {t('identities.pages.previous')}
      </Button>
      <Button
        variant="default"
        rightSection={<IconChevronRight size={16} />}
        disabled={onNext === undefined}
        onClick={onNext}
      >
        {t('identities.pages.next')}
      </Button>
    </nav>
  )
}
