import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Age } from '../../../components/age.tsx'
import { StateBadge, type Tone } from '../../../components/state-badge.tsx'
import type { RelayCircuit, SystemStatusQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatTime } from '../../../lib/time.ts'
import styles from './system-page.module.css'

const TONES: Readonly<Record<RelayCircuit, Tone>> = { CLOSED: 'good', OPEN: 'bad', REFUSING: 'bad' }

interface MailDeliveryProps {
  readonly relays: NonNullable<SystemStatusQuery['system']['relays']>
  readonly queue: SystemStatusQuery['system']['mailQueue']
}

/** The relays with their circuits, and what waits for them. */
export function MailDelivery({ relays, queue }: MailDeliveryProps) {
  const { t } = useTranslation('system')
  const locale = useLocale()
  return (
    <>
      <ul className={styles.findings}>
        {relays.map(({ host, port, circuit, since }) => (
          <li key={`${host}:${port}`} className={styles.finding}>
            <StateBadge tone={TONES[circuit]}>{t(`relays.circuit.${circuit}`)}</StateBadge>
            <div>
              <p>
                <code>{`${host}:${port}`}</code>
              </p>
              {circuit !== 'CLOSED' && <p className={styles.fix}>{t(`relays.why.${circuit}`)}</p>}
            </div>
            {since !== null && (
              <span className={styles.latency}>
                <Age since={since} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {queue !== null && (
        <dl className={styles.facts}>
          <dt>{t('queue.waiting')}</dt>
          <dd>
            {queue.waiting === 0 ? (
              t('queue.none')
            ) : (
              <Link to="/messages?state=DEFERRED">{new Intl.NumberFormat(locale).format(queue.waiting)}</Link>
            )}
          </dd>
          <dt>{t('queue.oldest')}</dt>
          <dd>{queue.oldestAt === null ? '–' : <Age since={queue.oldestAt} />}</dd>
          <dt>{t('queue.next')}</dt>
          <dd>{queue.nextAttemptAt === null ? '–' : formatTime(locale, queue.nextAttemptAt)}</dd>
        </dl>
      )}
    </>
  )
}
