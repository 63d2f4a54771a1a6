import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import { useScopedPath } from '../../tenants/tenant-scope.ts'
import type { Period } from '../range.ts'
import { changeOf, quantileOf, shareOf, statisticOf, timesOf } from '../statistics.ts'
import styles from './overview-page.module.css'
import { Sparkline } from './sparkline.tsx'

interface TilesProps {
  readonly data: StatisticsQuery['statistics'] | undefined
  readonly period: Period
  readonly liveCount: number | undefined
}

/** Each tile links to the events that it counts, in the same time. */
const COUNTED = [
  ['REGISTERED', 'REGISTERED'],
  ['VERIFIED', 'VERIFIED'],
  ['EXPIRED', 'EXPIRED'],
  ['DEFERRED', 'DEFERRED'],
  ['REJECTED', 'REJECTED'],
  ['BOUNCED', 'BOUNCED'],
  ['MISSED', 'MISSED'],
  // A limited call is no event. The event of the whole tenant's limit is the nearest.
  ['LIMITED', 'REGISTRATIONS_LIMITED'],
] as const

/** The main statistics, each with its change to the period before. */
export function Tiles({ data, period, liveCount }: TilesProps) {
  const { steps } = period
  const { t } = useTranslation('overview')
  const locale = useLocale()
  const scoped = useScopedPath()
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const link = (kind: string) => {
    const base = scoped('/events')
    // An unfinished period stays open, so that its list is live.
    const isOver = period.toMs <= clock.now()
    const query = new URLSearchParams({ kind, from: new Date(period.fromMs).toISOString() })
    if (isOver) query.set('to', new Date(period.toMs).toISOString())
    return `${base}${base.includes('?') ? '&' : '?'}${query}`
  }
  const current = data?.buckets.slice(-steps) ?? []
  const quantiles = (of: 'waits' | 'deliveries', bounds: readonly number[] = []) =>
    [0.5, 0.9].map((share) => quantileOf(timesOf(current, of, bounds), bounds, share))
  const times = [
    ['deliver', 'SENT', quantiles('deliveries', data?.deliveryBoundsSeconds)],
    ['median', 'VERIFIED', quantiles('waits', data?.waitBoundsSeconds)],
  ] as const
  const [registered, verified] = (['REGISTERED', 'VERIFIED'] as const).map(
    (of) => data && statisticOf(data.buckets, of, steps),
  )
  const conversion = registered && verified && shareOf(verified.sum, registered.sum)
  const conversionBefore = registered && verified && shareOf(verified.before, registered.before)
  const points =
    conversion === undefined || conversionBefore === undefined ? undefined : conversion - conversionBefore
  return (
    <ul className={styles.tiles}>
      <li>
        <Link to={scoped('/identities')} className={`${styles.card} ${styles.tile}`}>
          <span className={styles.label}>{t('live')}</span>
          <span className={styles.value}>{liveCount === undefined ? '–' : number.format(liveCount)}</span>
          <span className={styles.under}>{t('now')}</span>
        </Link>
      </li>
      <li>
        <Link to={link('VERIFIED')} className={`${styles.card} ${styles.tile}`}>
          <span className={styles.label}>{t('conversion')}</span>
          <span className={styles.value}>
            {conversion === undefined ? '–' : `${percent.format(conversion)} %`}
          </span>
          <span className={styles.under}>
            {points === undefined ? '' : t('points', { points: signed.format(points) })}
          </span>
        </Link>
      </li>
      {times.map(([name, kind, [median, p90]]) => (
        <li key={name}>
          <Link to={link(kind)} className={`${styles.card} ${styles.tile}`}>
            <span className={styles.label}>{t(name)}</span>
            <span className={styles.value} data-testid={`time-${name}`}>
              {median === undefined ? '–' : formatSeconds(locale, rounded(median))}
            </span>
            <span className={styles.under}>
              {p90 === undefined ? '' : t('quantiles', { time: formatSeconds(locale, rounded(p90)) })}
            </span>
          </Link>
        </li>
      ))}
      {COUNTED.map(([of, kind]) => {
        const statistic = data && statisticOf(data.buckets, of, steps)
        const change = statistic && changeOf(statistic)
        const content = (
          <>
            <span className={styles.label}>{t(`of.${of}`)}</span>
            <span className={styles.value} data-testid={`sum-${of}`}>
              {statistic === undefined ? '–' : number.format(statistic.sum)}
            </span>
            <span className={styles.under}>
              <span>{change === undefined ? '' : `${signed.format(change)} %`}</span>
              {statistic !== undefined && statistic.sum > 0 && <Sparkline values={statistic.steps} />}
            </span>
          </>
        )
        return (
          <li key={of}>
            <Link to={link(kind)} className={`${styles.card} ${styles.tile}`}>
              {content}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

/** Whole seconds, and tenths below ten seconds. */
function rounded(seconds: number): number {
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)
}
