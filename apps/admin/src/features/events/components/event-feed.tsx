import { Button, Paper, Skeleton, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconFilterOff, IconHistory, IconInbox } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import { useEventPage } from '../api/use-event-page.ts'
import { useLiveEvents } from '../api/use-live-events.ts'
import { joined, knownEmails } from '../joined.ts'
import type { View } from '../view.ts'
import styles from './event-feed.module.css'
import { EventCards, EventTable } from './event-list.tsx'
import { LiveBar } from './live-bar.tsx'

interface EventFeedProps {
  readonly view: View
  readonly labelledBy: string
  readonly onOlder: (after: string) => void
  readonly onNewest: () => void
  readonly onClearFilters: () => void
}

/** One list of events; the first page of it is live. Give it a key: another list begins anew. */
export function EventFeed({ view, labelledBy, onOlder, onNewest, onClearFilters }: EventFeedProps) {
  const { t } = useTranslation('events')
  const page = useEventPage(view)
  const [paused, pause] = useState(false)
  const isFirst = view.after === undefined
  const newest = page.events === undefined ? undefined : (page.events[0]?.cursor ?? '0')
  const live = useLiveEvents(view, isFirst ? newest : undefined, paused)
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false })
  const events = useMemo(() => page.events && joined(live.events, page.events), [live.events, page.events])
  const emails = useMemo(() => knownEmails(events ?? []), [events])
  const { endCursor } = page
  const List = wide ? EventTable : EventCards

  return (
    <>
      <Paper className={styles.list ?? ''} withBorder radius="lg">
        {isFirst && page.events !== undefined && (
          <LiveBar status={live.status} paused={paused} onPause={pause} />
        )}
        <VisuallyHidden role="status">
          {live.events.length > 0 && t('arrived', { count: live.events.length })}
        </VisuallyHidden>
        {events === undefined ? (
          <Waiting page={page} />
        ) : events.length > 0 ? (
          <List events={events} emails={emails} labelledBy={labelledBy} />
        ) : (
          <Nothing view={view} onNewest={onNewest} onClearFilters={onClearFilters} />
        )}
      </Paper>
      {(!isFirst || endCursor !== undefined) && (
        <div className={styles.pager}>
          <Button variant="default" disabled={isFirst} onClick={onNewest}>
            {t('newest')}
          </Button>
          <Button
            variant="default"
            disabled={endCursor === undefined}
            onClick={() => endCursor !== undefined && onOlder(endCursor)}
          >
            {t('older')}
          </Button>
        </div>
      )}
    </>
  )
}

function Waiting({ page: { failure, retry } }: { page: ReturnType<typeof useEventPage> }) {
  const { t } = useTranslation('events')
  const { t: common } = useTranslation()
  if (failure !== undefined) {
    const action = { label: common('app.retry'), run: retry }
    return <FailureAlert failure={failure} title={t('failed')} action={action} m="md" />
  }
  return (
    <div className={styles.skeleton} role="status" aria-label={common('app.loading')}>
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={22} radius="sm" width={`${96 - ((row * 7) % 30)}%`} />
      ))}
    </div>
  )
}

function Nothing({
  view,
  onNewest,
  onClearFilters,
}: Pick<EventFeedProps, 'view' | 'onNewest' | 'onClearFilters'>) {
  const { t } = useTranslation('events')
  if (view.after !== undefined) {
    return (
      <MessageState icon={<IconInbox />} title={t('nothingLeft.title')} hint={t('nothingLeft.hint')}>
        <Button variant="default" onClick={onNewest}>
          {t('newest')}
        </Button>
      </MessageState>
    )
  }
  if (view.kind === undefined && view.tenantId === undefined) {
    return <MessageState icon={<IconHistory />} title={t('empty.title')} hint={t('empty.hint')} />
  }
  return (
    <MessageState icon={<IconFilterOff />} title={t('noMatch.title')} hint={t('noMatch.hint')}>
      <Button variant="default" onClick={onClearFilters}>
        {t('filters.clear')}
      </Button>
    </MessageState>
  )
}
