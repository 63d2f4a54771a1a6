import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconArrowUp } from '../../../components/icons/page-icons.ts'
import { useThrottledText } from '../../../components/use-throttled-text.ts'
import styles from './new-pill.module.css'

/** Shows how many identities wait above the list, instead of moving it. */
export function NewPill({ count, onShow }: { count: number; onShow: () => Promise<void> }) {
  const { t } = useTranslation('identities')
  const [loading, setLoading] = useState(false)
  const text = t('newOnes', { count })
  // Throttled, so that a screen reader does not announce hundreds.
  const spoken = useThrottledText(count === 0 ? '' : text)
  async function show() {
    setLoading(true)
    await onShow()
    setLoading(false)
    document.querySelector('[data-scroller]')?.scrollTo({ top: 0 })
  }
  return (
    <>
      <span role="status" className={styles.spoken}>
        {spoken}
      </span>
      {count > 0 && (
        <Button
          radius="xl"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          loading={loading}
          onClick={() => void show()}
        >
          {text}
        </Button>
      )}
    </>
  )
}
