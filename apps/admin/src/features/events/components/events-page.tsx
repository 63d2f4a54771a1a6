import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../texts/texts.ts'
import { usePageTitle } from '../../../components/use-page-title.ts'
import { useEventView } from '../view.ts'
import { EventFeed } from './event-feed.tsx'
import { EventFilters } from './event-filters.tsx'
import { Figures } from './figures.tsx'

const TITLE_ID = 'events-title'

/** What happens, as it happens, and how often. */
export default function EventsPage() {
  const { t } = useTranslation('events')
  usePageTitle(t('title'))
  const { view, filter, setRange, older, newest } = useEventView()
  const { tenantId, kind, after } = view
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h2" id={TITLE_ID}>
          {t('title')}
        </Title>
        <Text c="dimmed">{t('intro')}</Text>
      </div>
      <Figures view={view} onRange={setRange} />
      <EventFilters view={view} onChange={filter} />
      <EventFeed
        key={JSON.stringify([tenantId, kind, after])}
        view={view}
        labelledBy={TITLE_ID}
        onOlder={older}
        onNewest={newest}
        onClearFilters={() => filter({ tenantId: undefined, kind: undefined })}
      />
    </Stack>
  )
}
