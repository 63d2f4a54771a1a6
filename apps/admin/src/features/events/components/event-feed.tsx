import { Button } from '@mantine/core'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconFilterOff, IconHistory } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, Page, PageActions } from '../../../components/page.tsx'
import type { Event } from '../api/follow-events.ts'
import { useEventList } from '../api/use-event-list.ts'
import { knownEmails } from '../event-rows.ts'
import { GROUPS, type Group, typesOf } from '../kinds.ts'
import type { View, ViewChange } from '../view.ts'
import { CsvButton } from './csv-button.tsx'
import { useEventColumns } from './event-columns.tsx'
import styles from './event-feed.module.css'
import { EventFilters } from './event-filters.tsx'
import { LiveControl } from './live-control.tsx'

interface EventFeedProps {
  readonly title: string
  readonly view: Omit<View, 'kind'> & { readonly kind?: View['kind'] | undefined }
  readonly onChange: (change: ViewChange) => void
  /** The groups to filter by. Without a filter all of them are shown. */
  readonly groups: readonly Group[]
  /** Shows who did what, with a filter by actor. */
  readonly isAudit?: boolean
}

const NO_FILTERS: ViewChange = { kind: undefined, actor: undefined, from: undefined, to: undefined }
const idOf = ({ cursor }: Event) => cursor

/** A live list of events under its filters. */
export function EventFeed({ title, view, onChange, groups, isAudit = false }: EventFeedProps) {
  return (
    <Page
      title={title}
      toolbar={<EventFilters groups={groups} view={view} isAudit={isAudit} onChange={onChange} />}
      fill
    >
      <EventRows key={JSON.stringify(view)} {...{ view, onChange, groups, isAudit }} />
    </Page>
  )
}

/** Pauses while somebody points at it or has scrolled down. Give it a key. */
function EventRows({ view, onChange, groups, isAudit }: Required<Omit<EventFeedProps, 'title'>>) {
  const { kind } = view
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
  const list = useEventList({ ...view, types }, paused || touched)
  const isFiltered = [kind, view.actorId, view.from, view.to].some((filter) => filter !== undefined)
  const { events } = list
  const emails = useMemo(() => knownEmails(events ?? []), [events])
  const columns = useEventColumns(emails, isAudit)
  const isReading = () => (area.current?.querySelector('[data-scroller]')?.scrollTop ?? 0) > 0
  const pointAt = (pointed: boolean) => {
    isPointedAt.current = pointed
    touch(pointed || isReading())
  }

  return (
    <>
      <PageActions>
        {view.to === undefined && <LiveControl list={list} paused={paused} onPause={pause} />}
        <CsvButton events={events} emails={emails} />
      </PageActions>
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
            isFocusable
          />
        ) : !isFiltered ? (
          <MessageState icon={<IconHistory />} title={t('empty.title')} hint={t('empty.hint')} />
        ) : (
          <MessageState icon={<IconFilterOff />} title={t('noMatch.title')} hint={t('noMatch.hint')}>
            <Button variant="default" onClick={() => onChange(NO_FILTERS)}>
              {t('filters.clear')}
            </Button>
          </MessageState>
        )}
      </div>
    </>
  )
}
