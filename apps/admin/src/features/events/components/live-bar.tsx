import { Button, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { LiveStatus } from '../api/follow-events.ts'
import styles from './live-bar.module.css'

interface LiveBarProps {
  readonly status: LiveStatus
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
}

/** Whether what is shown is up to date, and a way to stop it from moving. */
export function LiveBar({ status, paused, onPause }: LiveBarProps) {
  const { t } = useTranslation('events')
  const shown = paused ? 'paused' : status
  const Icon = paused ? IconPlayerPlay : IconPlayerPause
  return (
    <div className={styles.bar}>
      <span className={styles.status} data-status={shown} role="status">
        {t(`live.${shown}`)}
      </span>
      {shown === 'offline' && (
        <Text size="sm" c="dimmed" className={styles.hint ?? ''}>
          {t('live.offlineHint')}
        </Text>
      )}
      <Button
        className={styles.pause ?? ''}
        variant="default"
        size="xs"
        leftSection={<Icon size={14} aria-hidden />}
        onClick={() => onPause(!paused)}
      >
        {t(paused ? 'live.resume' : 'live.pause')}
      </Button>
    </div>
  )
}
