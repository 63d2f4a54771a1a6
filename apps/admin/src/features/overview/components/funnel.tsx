import { useTranslation } from 'react-i18next'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { shareOf, statisticOf } from '../statistics.ts'
import styles from './overview-page.module.css'

const STAGES = ['REGISTERED', 'SENT', 'VERIFIED'] as const

interface FunnelProps {
  readonly data: StatisticsQuery['statistics'] | undefined
  readonly steps: number
}

/** Shares of registered people whose mail was sent, and who verified. */
export function Funnel({ data, steps }: FunnelProps) {
  const { t } = useTranslation('overview')
  const locale = useLocale()
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const sums = STAGES.map((of) => (data === undefined ? 0 : statisticOf(data.buckets, of, steps).sum))
  const whole = Math.max(1, ...sums)
  return (
    <section className={`${styles.card} ${styles.funnel}`} aria-label={t('funnel')}>
      {STAGES.map((of, at) => {
        const sum = sums[at] ?? 0
        const share = at === 0 ? undefined : shareOf(sum, sums[0] ?? 0)
        return (
          <div key={of} className={styles.stage}>
            <span className={styles.label}>{t(`of.${of}`)}</span>{' '}
            <strong>{data === undefined ? '–' : number.format(sum)}</strong>{' '}
            {share !== undefined && <span className={styles.label}>{percent.format(share / 100)}</span>}
            <div className={styles.track} aria-hidden="true">
              <span className={styles.bar} data-bar style={{ width: `${(sum / whole) * 100}%` }} />
            </div>
          </div>
        )
      })}
    </section>
  )
}
