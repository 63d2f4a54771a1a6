import { useTranslation } from 'react-i18next'
import { useNow } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatDateTime, formatDuration, formatTimeLeft } from '../../../lib/time.ts'
import { toneOf } from '../../events/kinds.ts'
import type { PastEvent } from '../api/use-identity.ts'
import '../../events/texts/texts.ts'
import styles from './timeline.module.css'

/** A step that is still to come. */
export interface StepAhead {
  readonly name: 'nextAttempt' | 'expires'
  readonly at: string
}

interface TimelineProps {
  /** Oldest first. */
  readonly events: readonly PastEvent[]
  readonly ahead: readonly StepAhead[]
}

/** All events of an identity with the time between them, the relay's replies, and what is still to come. */
export function Timeline({ events, ahead }: TimelineProps) {
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
            {event.relay !== null && <span className={styles.relay}>{event.relay}</span>}
            {event.reply !== null && <span className={styles.reply}>{event.reply}</span>}
          </li>
        )
      })}
      {ahead.map(({ name, at }) => (
        <li key={name} className={styles.step} data-ahead>
          <span className={styles.what}>{t(`panel.${name}`)}</span>
          <span className={styles.when}>
            <time dateTime={at}>{formatDateTime(locale, at)}</time>
            <Countdown at={at} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Renders every second, unlike the steps. */
function Countdown({ at }: { at: string }) {
  const leftMs = Math.max(0, Date.parse(at) - useNow())
  return <span> · −{formatTimeLeft(leftMs)}</span>
}
