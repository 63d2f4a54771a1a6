import { useTranslation } from 'react-i18next'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import { useScopedPath } from '../../tenants/tenant-scope.ts'
import type { Period } from '../range.ts'
import { changeOf, quantileOf, shareOf, statisticOf, timesOf } from '../statistics.ts'
import { conversionTrend, liveTrend, medianTrend } from '../trends.ts'
import styles from './overview-page.module.css'
import { Tile } from './tile.tsx'

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

/** The main statistics, each with its trend and its change to the period before. */
export function Tiles({ data, period, liveCount }: TilesProps) {
  const { steps } = period
  const { t } = useTranslation('overview')
  const locale = useLocale()
  const scoped = useScopedPath()
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const signedPercent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  })
  const changed = (sum: number | undefined, before: number | undefined) => {
    const change = changeOf({ sum: sum ?? 0, before: before ?? 0 })
    return sum === undefined || change === undefined ? '' : signedPercent.format(change / 100)
  }
  // An unfinished period stays open, so that its list is live.
  const isOver = period.toMs <= clock.now()
  const link = (kind: string) => {
    const base = scoped('/events')
    const query = new URLSearchParams({ kind, from: new Date(period.fromMs).toISOString() })
    if (isOver) query.set('to', new Date(period.toMs).toISOString())
    return `${base}${base.includes('?') ? '&' : '?'}${query}`
  }
  const buckets = data?.buckets ?? []
  const [current, past] = [buckets.slice(-steps), buckets.slice(0, -steps)]
  // How many lived in an earlier period is not known from those of now.
  const live = liveCount === undefined || isOver || data === undefined ? [] : liveTrend(buckets, liveCount)
  const times = [
    ['deliver', 'SENT', 'deliveries', data?.deliveryBoundsSeconds ?? []],
    ['median', 'VERIFIED', 'waits', data?.waitBoundsSeconds ?? []],
  ] as const
  const [registered, verified] = (['REGISTERED', 'VERIFIED'] as const).map((of) =>
    statisticOf(buckets, of, steps),
  )
  const conversion = shareOf(verified?.sum ?? 0, registered?.sum ?? 0)
  const conversionBefore = shareOf(verified?.before ?? 0, registered?.before ?? 0)
  const points =
    conversion === undefined || conversionBefore === undefined ? undefined : conversion - conversionBefore

  return (
    <ul className={styles.tiles}>
      <Tile
        label={t('live')}
        testId="live"
        value={liveCount === undefined ? '–' : number.format(liveCount)}
        under={changed(liveCount, live.at(-steps - 1)) || t('now')}
        underTitle={t('sinceBegin')}
        trend={live.slice(-steps)}
        to={scoped('/identities')}
      />
      <Tile
        label={t('conversion')}
        testId="conversion"
        value={conversion === undefined ? '–' : percent.format(conversion / 100)}
        under={points === undefined ? '' : t('points', { points: signed.format(points) })}
        underTitle={t('before')}
        trend={conversionTrend(current)}
        to={link('VERIFIED')}
      />
      {times.map(([name, kind, of, bounds]) => {
        const [median, p90] = [0.5, 0.9].map((share) =>
          quantileOf(timesOf(current, of, bounds), bounds, share),
        )
        const before = quantileOf(timesOf(past, of, bounds), bounds, 0.5)
        const change = changed(median, before)
        const slow = p90 === undefined ? '' : t('p90', { time: formatSeconds(locale, rounded(p90)) })
        return (
          <Tile
            key={name}
            label={t(name)}
            testId={`time-${name}`}
            value={median === undefined ? '–' : formatSeconds(locale, rounded(median))}
            under={[slow, change].filter(Boolean).join(' · ')}
            underTitle={t('medianBefore')}
            trend={medianTrend(current, of, bounds)}
            to={link(kind)}
          />
        )
      })}
      {COUNTED.map(([of, kind]) => {
        const statistic = data && statisticOf(data.buckets, of, steps)
        return (
          <Tile
            key={of}
            label={t(`of.${of}`)}
            testId={`sum-${of}`}
            value={statistic === undefined ? '–' : number.format(statistic.sum)}
            under={changed(statistic?.sum, statistic?.before)}
            underTitle={t('before')}
            trend={statistic?.steps ?? []}
            to={link(kind)}
          />
        )
      })}
    </ul>
  )
}

/** Whole seconds, and tenths below ten seconds. */
function rounded(seconds: number): number {
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)
}
