import { Skeleton } from '@mantine/core'
import { lazy, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatisticsQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import type { Period } from '../range.ts'
import { timesOf } from '../statistics.ts'
import { ChartCard } from './chart-card.tsx'
import styles from './overview-page.module.css'

const BarChart = lazy(() => import('./bar-chart.tsx'))

/** In the order of a number's life. The series differ in lightness, not only in hue. */
const SERIES = [
  ['VERIFIED', 'green.7'],
  ['EXPIRED', 'gray.5'],
  ['REJECTED', 'red.7'],
  ['REVOKED', 'orange.5'],
] as const

interface ChartsProps {
  readonly data: StatisticsQuery['statistics'] | undefined
  readonly period: Period
}

/** Outcomes of numbers by step, and times to verify. Each chart has a table and a file. */
export const Charts = memo(function Charts({ data, period }: ChartsProps) {
  const { t } = useTranslation('overview')
  const locale = useLocale()
  if (data === undefined) return <Skeleton height={260} />
  const format = new Intl.DateTimeFormat(
    locale,
    period.step === 'DAY'
      ? { day: 'numeric', month: 'short', timeZone: 'UTC' }
      : period.steps > 60
        ? { day: 'numeric', month: 'short', hour: 'numeric' }
        : { hour: 'numeric', minute: '2-digit' },
  )
  const buckets = data.buckets.slice(-period.steps)
  const outcomes = buckets.map(({ from, counts }) => {
    const countOf = (of: string) => counts.find((count) => count.of === of)?.count ?? 0
    return { label: format.format(new Date(from)), values: SERIES.map(([of]) => countOf(of)) }
  })
  const times = (of: 'waits' | 'deliveries', bounds: readonly number[]) =>
    timesOf(buckets, of, bounds).map((count, at) => {
      const bound = bounds[at]
      const label =
        bound === undefined
          ? t('moreThan', { time: formatSeconds(locale, bounds.at(-1) ?? 0) })
          : t('upTo', { time: formatSeconds(locale, bound) })
      return { label, values: [count] }
    })
  const waits = times('waits', data.waitBoundsSeconds)
  const deliveries = times('deliveries', data.deliveryBoundsSeconds)
  return (
    <div className={styles.charts}>
      <ChartCard
        title={t('outcomes')}
        file="outcomes.csv"
        columns={[t('from'), ...SERIES.map(([of]) => t(`of.${of}`))]}
        rows={outcomes}
      >
        <BarChart
          rows={outcomes}
          series={SERIES.map(([of, color]) => ({ label: t(`of.${of}`), color }))}
          unfinishedLast
        />
      </ChartCard>
      <ChartCard
        title={t('deliveries')}
        file="time-to-deliver.csv"
        columns={[t('time'), t('of.SENT')]}
        rows={deliveries}
      >
        <BarChart rows={deliveries} series={[{ label: t('of.SENT'), color: 'teal.7' }]} />
      </ChartCard>
      <ChartCard
        title={t('waits')}
        file="time-to-verify.csv"
        columns={[t('time'), t('of.VERIFIED')]}
        rows={waits}
      >
        <BarChart rows={waits} series={[{ label: t('of.VERIFIED'), color: 'indigo.6' }]} />
      </ChartCard>
    </div>
  )
})
