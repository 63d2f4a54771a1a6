import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import { useScopedPath } from '../../tenants/tenant-scope.ts'
import { changeOf, quantileOf, shareOf, statisticOf, waitsOf } from '../statistics.ts'
import styles from './overview-page.module.css'
import { Sparkline } from './sparkline.tsx'

interface TilesProps {
  readonly data: StatisticsQuery['statistics'] | undefined
  readonly steps: number
  readonly liveCount: number | undefined
}

/** Each tile links to the list of what it counts. */
const COUNTED = [
  ['REGISTERED', '/events?kind=REGISTERED'],
  ['VERIFIED', '/events?kind=VERIFIED'],
  ['DEFERRED', '/messages?state=DEFERRED'],
  ['REJECTED', '/events?kind=REJECTED'],
  ['BOUNCED', '/events?kind=BOUNCED'],
  ['MISSED', '/events?kind=MISSED'],
  ['LIMITED', undefined],
] as const

/** The main statistics, each with its change to the period before. */
export function Tiles({ data, steps, liveCount }: TilesProps) {
  const { t } = useTranslation('overview')
  const locale = useLocale()
  const scoped = useScopedPath()
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const link = (path: string) => {
    const [page = '', query] = path.split('?')
    const base = scoped(page)
    return query === undefined ? base : `${base}${base.includes('?') ? '&' : '?'}${query}`
  }
  const current = data?.buckets.slice(-steps) ?? []
  const waits = data && waitsOf(current, data.waitBoundsSeconds.length + 1)
  const quantile = (share: number) => waits && data && quantileOf(waits, data.waitBoundsSeconds, share)
  const [median, p90] = [quantile(0.5), quantile(0.9)]
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
        <Link to={link('/identities')} className={`${styles.card} ${styles.tile}`}>
          <span className={styles.label}>{t('live')}</span>
          <span className={styles.value}>{liveCount === undefined ? '–' : number.format(liveCount)}</span>
          <span className={styles.under}>{t('now')}</span>
        </Link>
      </li>
      <li className={`${styles.card} ${styles.tile}`}>
        <span className={styles.label}>{t('conversion')}</span>
        <span className={styles.value}>
          {conversion === undefined ? '–' : `${percent.format(conversion)} %`}
        </span>
        <span className={styles.under}>
          {points === undefined ? '' : t('points', { points: signed.format(points) })}
        </span>
      </li>
      <li className={`${styles.card} ${styles.tile}`}>
        <span className={styles.label}>{t('median')}</span>
        <span className={styles.value}>
          {median === undefined ? '–' : formatSeconds(locale, Math.round(median))}
        </span>
        <span className={styles.under}>
          {p90 === undefined ? '' : t('p90', { time: formatSeconds(locale, Math.round(p90)) })}
        </span>
      </li>
      {COUNTED.map(([of, path]) => {
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
          <li key={of} {...(path === undefined && { className: `${styles.card} ${styles.tile}` })}>
            {path === undefined ? (
              content
            ) : (
              <Link to={link(path)} className={`${styles.card} ${styles.tile}`}>
                {content}
              </Link>
            )}
          </li>
        )
      })}
    </ul>
  )
}
