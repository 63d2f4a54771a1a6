import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useThrottledText } from '../../../components/use-throttled-text.ts'
import type { Scan } from '../api/use-scan.ts'
import styles from './scan-progress.module.css'

/** Progress of a search without an index, and how to stop it or go on. */
export function ScanProgress({ scan, total }: { scan: Scan; total: number }) {
  const { t } = useTranslation('identities')
  const text = t('scan.progress', { scanned: Math.min(scan.scanned, total), total })
  const spoken = useThrottledText(text)
  return (
    <div className={styles.scan}>
      <Progress
        className={styles.bar ?? ''}
        value={total === 0 ? 100 : Math.min(100, (scan.scanned / total) * 100)}
        size="sm"
        transitionDuration={0}
        aria-label={t('scan.label')}
      />
      <span aria-hidden="true">{text}</span>
      <span role="status" className={styles.spoken}>
        {spoken}
      </span>
      <Button variant="default" size="compact-sm" onClick={scan.running ? scan.stop : scan.resume}>
        {t(scan.running ? 'scan.stop' : 'scan.resume')}
      </Button>
    </div>
  )
}
