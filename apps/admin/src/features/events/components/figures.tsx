import { NativeSelect, Paper, Skeleton, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorBoundary } from '../../../components/error-boundary.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { OutageBanner } from '../../../components/outage-banner.tsx'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { useStatistics } from '../api/use-statistics.ts'
import { SHOWN, sumOf, toSteps, toWaitClasses } from '../figures.ts'
import { RANGES, type Range, type View } from '../view.ts'
import styles from './figures.module.css'

const ActivityChart = lazy(() => import('./activity-chart.tsx'))
const WaitChart = lazy(() => import('./wait-chart.tsx'))

interface FiguresProps {
  readonly view: View
  readonly onRange: (range: Range) => void
}

/** How often things happened, and how long people took; the charts come after everything else. */
export function Figures({ view, onRange }: FiguresProps) {
  const { t } = useTranslation('events')
  const locale = useLocale()
  const { data, failure, failingSince } = useStatistics(view)
  const steps = data && toSteps(data)
  const classes = data && toWaitClasses(data)
  const number = new Intl.NumberFormat(locale)
  return (
    <section aria-labelledby="figures-title" className={styles.figures}>
      <div className={styles.head}>
        <Title order={2} size="h4" id="figures-title">
          {t('figures.title')}
        </Title>
        <NativeSelect
          aria-label={t('figures.range')}
          value={view.range}
          data={RANGES.map((value) => ({ value, label: t(`figures.ranges.${value}`) }))}
          onChange={({ currentTarget: { value } }) => onRange(value === 'month' ? 'month' : 'day')}
        />
      </div>
      {failure && failingSince !== undefined && data && (
        <OutageBanner failure={failure} since={failingSince} />
      )}
      {failure && !data && <FailureAlert failure={failure} title={t('figures.failed')} />}
      <dl className={styles.tiles}>
        {SHOWN.map((of) => (
          <Paper key={of} withBorder radius="lg" className={styles.tile ?? ''}>
            <dt>{t(`figures.of.${of}`)}</dt>
            <dd data-testid={`sum-${of}`}>{steps ? number.format(sumOf(steps, of)) : '–'}</dd>
          </Paper>
        ))}
      </dl>
      <div className={styles.charts}>
        <Paper withBorder radius="lg" className={styles.chart ?? ''}>
          <Title order={3} size="h6">
            {t(view.range === 'day' ? 'figures.perHour' : 'figures.perDay')}
          </Title>
          <Chart>{steps && <ActivityChart steps={steps} range={view.range} />}</Chart>
        </Paper>
        <Paper withBorder radius="lg" className={styles.chart ?? ''}>
          <Title order={3} size="h6">
            {t('figures.waits')}
          </Title>
          <Text size="xs" c="dimmed">
            {t('figures.waitsHint')}
          </Text>
          <Chart>{classes && <WaitChart classes={classes} />}</Chart>
        </Paper>
      </div>
    </section>
  )
}

/** A chart is a help, not the page: without its code the figures above still stand. */
function Chart({ children }: { children: React.ReactNode }) {
  const waiting = <Skeleton height={200} radius="sm" />
  return (
    <ErrorBoundary fallback={null}>
      <Suspense fallback={waiting}>{children ?? waiting}</Suspense>
    </ErrorBoundary>
  )
}
