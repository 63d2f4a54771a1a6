import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { useScopedPath } from '../../tenants/tenant-scope.ts'
import type { Period } from '../range.ts'
import { quantileOf, shareOf, statisticOf, timesOf } from '../statistics.ts'
import { tileFormats } from '../tile-formats.ts'
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
  const scoped = useScopedPath()
  const formats = useFormats()
  const link = useEventLink(period)
  const buckets = data?.buckets ?? []
  const isOver = period.toMs <= clock.now()
  // How many lived in an earlier period is not known from those of now.
  const live = liveCount === undefined || isOver || data === undefined ? [] : liveTrend(buckets, liveCount)
  return (
    <ul className={styles.tiles}>
      <Tile
        label={t('live')}
        testId="live"
        value={liveCount === undefined ? '–' : formats.number(liveCount)}
        under={formats.change(liveCount, live.at(-steps - 1)) || t('now')}
        underTitle={t('sinceBegin')}
        trend={live.slice(-steps)}
        to={scoped('/identities')}
      />
      <ConversionTile buckets={buckets} steps={steps} to={link('VERIFIED')} />
      <TimeTile
        name="deliver"
        of="deliveries"
        bounds={data?.deliveryBoundsSeconds ?? []}
        buckets={buckets}
        steps={steps}
        to={link('SENT')}
      />
      <TimeTile
        name="median"
        of="waits"
        bounds={data?.waitBoundsSeconds ?? []}
        buckets={buckets}
        steps={steps}
        to={link('VERIFIED')}
      />
      {COUNTED.map(([of, kind]) => {
        const statistic = data && statisticOf(data.buckets, of, steps)
        return (
          <Tile
            key={of}
            label={t(`of.${of}`)}
            testId={`sum-${of}`}
            value={statistic === undefined ? '–' : formats.number(statistic.sum)}
            under={formats.change(statistic?.sum, statistic?.before)}
            underTitle={t('before')}
            trend={statistic?.steps ?? []}
            to={link(kind)}
          />
        )
      })}
    </ul>
  )
}

interface PeriodTileProps {
  /** Oldest first; the last `steps` are the period, those before it the one that it is compared with. */
  readonly buckets: StatisticsQuery['statistics']['buckets']
  readonly steps: number
  readonly to: string
}

/** The share of registrations that were verified. */
function ConversionTile({ buckets, steps, to }: PeriodTileProps) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const registered = statisticOf(buckets, 'REGISTERED', steps)
  const verified = statisticOf(buckets, 'VERIFIED', steps)
  const now = shareOf(verified.sum, registered.sum)
  const before = shareOf(verified.before, registered.before)
  return (
    <Tile
      label={t('conversion')}
      testId="conversion"
      value={now === undefined ? '–' : formats.percent(now)}
      under={
        now === undefined || before === undefined ? '' : t('points', { points: formats.signed(now - before) })
      }
      underTitle={t('before')}
      trend={conversionTrend(buckets.slice(-steps))}
      to={to}
    />
  )
}

interface TimeTileProps extends PeriodTileProps {
  readonly name: 'deliver' | 'median'
  readonly of: 'deliveries' | 'waits'
  /** The upper bounds of the histogram. */
  readonly bounds: readonly number[]
}

/** The median of a time, beside what nine of ten stay below. */
function TimeTile({ name, of, bounds, buckets, steps, to }: TimeTileProps) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const current = timesOf(buckets.slice(-steps), of, bounds)
  const median = quantileOf(current, bounds, 0.5)
  const p90 = quantileOf(current, bounds, 0.9)
  const before = quantileOf(timesOf(buckets.slice(0, -steps), of, bounds), bounds, 0.5)
  const slow = p90 === undefined ? '' : t('p90', { time: formats.seconds(p90) })
  return (
    <Tile
      label={t(name)}
      testId={`time-${name}`}
      value={median === undefined ? '–' : formats.seconds(median)}
      under={[slow, formats.change(median, before)].filter(Boolean).join(' · ')}
      underTitle={t('medianBefore')}
      trend={medianTrend(buckets.slice(-steps), of, bounds)}
      to={to}
    />
  )
}

/** The link to the events of a type in the period. */
function useEventLink(period: Period): (kind: string) => string {
  const scoped = useScopedPath()
  return (kind) => {
    const base = scoped('/events')
    const query = new URLSearchParams({ kind, from: new Date(period.fromMs).toISOString() })
    // An unfinished period stays open, so that its list is live.
    if (period.toMs <= clock.now()) query.set('to', new Date(period.toMs).toISOString())
    return `${base}${base.includes('?') ? '&' : '?'}${query}`
  }
}

/** How the tiles write numbers. */
function useFormats() {
  const locale = useLocale()
  return useMemo(() => tileFormats(locale), [locale])
}
