import { useTranslation } from 'react-i18next'
import { IconCloudOff } from '../components/icons/first-icons.ts'
import { useLocale } from '../lib/i18n/i18n.ts'
import { outage } from '../lib/outages.ts'
import { useStore } from '../lib/store.ts'
import { formatTime } from '../lib/time.ts'
import { NotReady } from './not-ready.tsx'
import styles from './outage-strip.module.css'

/** Shows what fails and how old the page's data is, or else which service cannot do its work. */
export function OutageStrip() {
  const { t } = useTranslation()
  const locale = useLocale()
  const current = useStore(outage)
  return (
    <div role="alert" className={styles.region}>
      {current === undefined ? (
        <NotReady />
      ) : (
        <div className={styles.strip}>
          <IconCloudOff size={16} aria-hidden />
          <span>
            <strong>{t(`failure.${current.failure.kind}`)}</strong>{' '}
            {t('failure.lastKnown', { time: formatTime(locale, current.since) })}
            {current.failure.requestId !== undefined &&
              ` ${t('failure.requestId')}: ${current.failure.requestId}`}
          </span>
        </div>
      )}
    </div>
  )
}
