import '@mantine/core/styles/ColorSwatch.css'
import '@mantine/charts/styles.css'
import { BarChart as MantineBarChart } from '@mantine/charts'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import type { ChartRow } from './chart-card.tsx'

interface BarChartProps {
  readonly rows: readonly ChartRow[]
  readonly series: readonly { readonly label: string; readonly color: string }[]
  /** The last bar's step has not ended. It is drawn fainter. */
  readonly unfinishedLast?: boolean
}

/** Stacked bars. */
export default function BarChart({ rows, series, unfinishedLast = false }: BarChartProps) {
  const { t } = useTranslation('overview')
  const locale = useLocale()
  const compact = new Intl.NumberFormat(locale, { notation: 'compact' })
  if (rows.every(({ values }) => values.every((value) => value === 0))) {
    return <div style={{ display: 'grid', placeItems: 'center', height: 200 }}>{t('nothing')}</div>
  }
  const data = rows.map(({ label, values }) => ({
    label,
    ...Object.fromEntries(series.map(({ label: name }, at) => [name, values[at] ?? 0])),
  }))
  const last = rows.length - 1
  return (
    <MantineBarChart
      aria-hidden
      h={200}
      type="stacked"
      data={data}
      dataKey="label"
      series={series.map(({ label, color }) => ({ name: label, label, color }))}
      gridAxis="x"
      tickLine="none"
      withLegend={series.length > 1}
      legendProps={{ verticalAlign: 'bottom', itemSorter: null }}
      maxBarWidth={28}
      xAxisProps={{ interval: 'equidistantPreserveStart', minTickGap: 16 }}
      yAxisProps={{
        allowDecimals: false,
        width: 40,
        tickFormatter: (value: number) => compact.format(value),
      }}
      barChartProps={{ accessibilityLayer: false, margin: { top: 8, right: 8 } }}
      barProps={{
        isAnimationActive: false,
        ...(unfinishedLast && {
          // The chart library types what it gives to a shape as unknown.
          shape: (bar: unknown) => <Bar {...(bar as BarShape)} last={last} />,
        }),
      }}
    />
  )
}

/** A part of a bar. In the last one, whose step is unfinished, it is hatched. */
function Bar({ x, y, width, height, fill, index, last }: BarShape & { readonly last: number }) {
  const id = useId()
  const box = { x, y, width: Math.max(0, width), height: Math.max(0, height) }
  if (index !== last) return <rect {...box} fill={fill} />
  return (
    <>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" fill={fill} fillOpacity="0.25" />
        <line x1="0" x2="0" y1="0" y2="6" stroke={fill} strokeWidth="4" />
      </pattern>
      <rect {...box} fill={`url(#${id})`} stroke={fill} />
    </>
  )
}

interface BarShape {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly fill: string
  readonly index: number
}
