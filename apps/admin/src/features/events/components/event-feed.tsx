import { Button } from '@mantine/core'
import { IconFilterOff, IconHistory } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, Page } from '../../../components/page.tsx'
import type { Event } from '../api/follow-events.ts'
import { useEventList } from '../api/use-event-list.ts'
import { knownEmails } from '../event-rows.ts'
import { GROUPS, type Group, type Kind, typesOf } from '../kinds.ts'
import { CsvButton } from './csv-button.tsx'
import { useEventColumns } from './event-columns.tsx'
import styles from './event-feed.module.css'
import { EventFilters } from './event-filters.tsx'
import { LiveControl } from './live-control.tsx'

interface EventFeedProps {
  readonly title: string
  readonly tenantId: string | undefined
  readonly kind: Kind | undefined
  readonly onKind: (kind: Kind | undefined) => void
  /** The groups to filter by. Without a filter all of them are shown. */
  readonly groups: readonly Group[]
}

const idOf = ({ cursor }: Event) => cursor

/** A live list of events. It pauses while somebody points at it or has scrolled down. Give it a key. */
export function EventFeed({ title, tenantId, kind, onKind, groups }: EventFeedProps) {
  const { t } = useTranslation('events')
  const [paused, pause] = useState(false)
  const [touched, touch] = useState(false)
  const area = useRef<HTMLDivElement>(null)
  const isPointedAt = useRef(false)
  const isAll = kind === undefined && groups.length === Object.keys(GROUPS).length
  const types = isAll
    ? undefined
    : kind === undefined
      ? groups.flatMap((group) => typesOf(group))
      : typesOf(kind)
  const list = useEventList(tenantId, types, paused || touched)
  const { events } = list
  const emails = useMemo(() => knownEmails(events ?? []), [events])
  const columns = useEventColumns(emails)
  const isReading = () => (area.current?.querySelector('[data-scroller]')?.scrollTop ?? 0) > 0
  const pointAt = (pointed: boolean) => {
    isPointedAt.current = pointed
    touch(pointed || isReading())
  }

  return (
    <Page
      title={title}
      actions={
        <>
          <LiveControl list={list} paused={paused} onPause={pause} />
          <CsvButton events={events} emails={emails} />
        </>
      }
      toolbar={<EventFilters groups={groups} kind={kind} onChange={onKind} />}
      fill
    >
      <div
        className={styles.area}
        ref={area}
        onPointerEnter={() => pointAt(true)}
        onPointerLeave={() => pointAt(false)}
        onScrollCapture={() => touch(isPointedAt.current || isReading())}
      >
        {events === undefined ? (
          list.failure === undefined ? (
            <TableSkeleton />
          ) : (
            <Failed title={t('failed')} failure={list.failure} />
          )
        ) : events.length > 0 ? (
          <DataTable
            columns={columns}
            rows={events}
            idOf={idOf}
            labelledBy={PAGE_TITLE_ID}
            caption={t('caption')}
            onEndReached={list.hasMore ? list.loadMore : undefined}
            fill
          />
        ) : kind === undefined ? (
          <MessageState icon={<IconHistory />} title={t('empty.title')} hint={t('empty.hint')} />
        ) : (
          <MessageState icon={<IconFilterOff />} title={t('noMatch.title')} hint={t('noMatch.hint')}>
            <Button variant="default" onClick={() => onKind(undefined)}>
              {t('filters.clear')}
            </Button>
          </MessageState>
        )}
      </div>
    </Page>
  )
}
