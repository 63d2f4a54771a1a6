import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { IconDownload } from '../../../components/icons/page-icons.ts'
import { downloadCsv } from '../../../lib/csv.ts'
import type { Event } from '../api/follow-events.ts'

interface CsvButtonProps {
  readonly events: readonly Event[] | undefined
  readonly emails: ReadonlyMap<string, string>
}

/** Downloads the loaded rows as a file. */
export function CsvButton({ events, emails }: CsvButtonProps) {
  const { t } = useTranslation('events')
  const { t: common } = useTranslation()
  function download() {
    const rows = (events ?? []).map(({ at, type, tenantId, identityId, email, actor, target, changes }) => [
      at,
      type,
      tenantId ?? '',
      identityId ?? target ?? '',
      email ?? emails.get(identityId ?? '') ?? '',
      actor?.id ?? '',
      (changes ?? [])
        .map(({ field, before, after }) => `${field}: ${before ?? ''} → ${after ?? ''}`)
        .join('; '),
    ])
    downloadCsv('events.csv', [
      [t('when'), t('what'), t('tenant'), 'id', t('about'), t('by'), t('changes')],
      ...rows,
    ])
  }
  return (
    <ActionIcon
      variant="default"
      aria-label={common('app.csv')}
      title={common('app.csv')}
      disabled={events === undefined || events.length === 0}
      onClick={download}
    >
      <IconDownload size={14} />
    </ActionIcon>
  )
}
