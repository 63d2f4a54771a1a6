import { useNow } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { endsSoon, formatDateTime, formatTimeLeft, isoTimeLeft } from '../../../lib/time.ts'
import styles from './time-left.module.css'

interface TimeLeftProps {
  readonly createdAt: string
  readonly expiresAt: string
}

/** The remaining life of an identity, as a countdown and a thin bar. */
export function TimeLeft({ createdAt, expiresAt }: TimeLeftProps) {
  const locale = useLocale()
  const expiresMs = Date.parse(expiresAt)
  const leftMs = Math.max(0, expiresMs - useNow())
  const share = leftMs / Math.max(1, expiresMs - Date.parse(createdAt))
  return (
    <span className={styles.left} data-soon={endsSoon(leftMs) || undefined}>
      <time dateTime={isoTimeLeft(leftMs)} title={formatDateTime(locale, expiresAt)}>
        {formatTimeLeft(leftMs)}
      </time>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.bar} data-bar style={{ transform: `scaleX(${Math.min(1, share)})` }} />
      </span>
    </span>
  )
}
