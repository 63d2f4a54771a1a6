import { ActionIcon, Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { IconArrowUp, IconPlayerPause, IconPlayerPlay } from '../../../components/icons/page-icons.ts'
import type { EventList } from '../api/use-event-list.ts'
import styles from './event-feed.module.css'

interface LiveControlProps {
  readonly list: EventList
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
}

/** Shows whether the list is live and how many events wait, and pauses it. */
export function LiveControl({ list, paused, onPause }: LiveControlProps) {
  const { t } = useTranslation('events')
  const shown = paused ? 'paused' : list.status
  const Icon = paused ? IconPlayerPlay : IconPlayerPause
  const name = t(paused ? 'live.resume' : 'live.pause')
  return (
    <>
      {list.waiting > 0 && (
        <Button radius="xl" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={list.release}>
          {t('waiting', { count: list.waiting })}
        </Button>
      )}
      <span className={styles.status} data-status={shown} role="status">
        {t(`live.${shown}`)}
      </span>
      <ActionIcon variant="default" aria-label={name} title={name} onClick={() => onPause(!paused)}>
        <Icon size={14} />
      </ActionIcon>
    </>
  )
}
