import { useNow } from '../lib/clock.ts'
import { useLocale } from '../lib/i18n/i18n.ts'
import { formatAge, formatDateTime } from '../lib/time.ts'

/** Shows how long ago a time was, and keeps it up to date. */
export function Age({ since }: { since: string }) {
  const locale = useLocale()
  const now = useNow()
  return (
    <time dateTime={since} title={formatDateTime(locale, since)}>
      {formatAge(locale, now - Date.parse(since))}
    </time>
  )
}
