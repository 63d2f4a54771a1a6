import { useTranslation } from 'react-i18next'
import '../texts/texts.ts'
import type { Group } from '../kinds.ts'
import { useEventView } from '../view.ts'
import { EventFeed } from './event-feed.tsx'

const ALL: readonly Group[] = ['numbers', 'mail', 'admins']

/** The live list of events. */
export default function EventsPage() {
  const { t } = useTranslation('events')
  const { view, change } = useEventView()
  return <EventFeed title={t('title')} view={view} onChange={change} groups={ALL} />
}
