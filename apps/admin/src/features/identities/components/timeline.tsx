import { useTranslation } from 'react-i18next'
import type { EventDetailsFragment } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatDateTime, formatDuration } from '../../../lib/time.ts'
import { toneOf } from '../../events/kinds.ts'
import '../../events/texts/texts.ts'
import styles from './timeline.module.css'

/** All events of an identity, oldest first, with the time between them. */
export function Timeline({ events }: { events: readonly EventDetailsFragment[] }) {
  const { t } = useTranslation('identities')
  const { t: eventText } = useTranslation('events')
  const locale = useLocale()
  if (events.length === 0) return <p className={styles.none}>{t('panel.noEvents')}</p>
  return (
    <ol className={styles.timeline}>
      {events.map((event, at) => {
        const before = events[at - 1]
        return (
          <li key={event.cursor} className={styles.step} data-tone={toneOf(event.type)}>
            <span className={styles.what}>
              {eventText(`type.${event.type}`)}
              {event.actor !== null && <span className={styles.by}> · {event.actor.id}</span>}
            </span>
            <span className={styles.when}>
              <time dateTime={event.at}>{formatDateTime(locale, event.at)}</time>
              {before !== undefined && (
                <span> · +{formatDuration(locale, Date.parse(event.at) - Date.parse(before.at))}</span>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
