import '@mantine/core/styles/ColorSwatch.css'
import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import { VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { SHOWN, type Shown, type Step } from '../figures.ts'
import type { Range } from '../view.ts'

// Told apart by their dashes too, not by colour alone.
const LINES: Readonly<Record<Shown, { color: string; strokeDasharray?: string }>> = {
  REGISTERED: { color: 'indigo.6' },
  SENT: { color: 'cyan.8', strokeDasharray: '8 3' },
  VERIFIED: { color: 'green.8' },
  MISSED: { color: 'orange.8', strokeDasharray: '2 3' },
  EXPIRED: { color: 'gray.6', strokeDasharray: '5 5' },
}

interface ActivityChartProps {
  readonly steps: readonly Step[]
  readonly range: Range
}

/** How often things happened, step by step. */
export default function ActivityChart({ steps, range }: ActivityChartProps) {
  const { t } = useTranslation('events')
  const locale = useLocale()
  // Days are counted in UTC.
  const format = new Intl.DateTimeFormat(
    locale,
    range === 'day'
      ? { hour: 'numeric', minute: '2-digit' }
      : { day: 'numeric', month: 'short', timeZone: 'UTC' },
  )
  const data = steps.map(({ from, ...figures }) => ({ ...figures, from: format.format(new Date(from)) }))
  return (
    <>
      <LineChart
        aria-hidden
        h={220}
        data={data}
        dataKey="from"
        series={SHOWN.map((name) => ({ name, label: t(`figures.of.${name}`), ...LINES[name] }))}
        curveType="monotone"
        withDots={false}
        strokeWidth={2}
        withLegend
        legendProps={{ verticalAlign: 'bottom', itemSorter: null }}
        gridAxis="x"
        tickLine="none"
        xAxisProps={{ interval: 'equidistantPreserveStart', minTickGap: 24 }}
        yAxisProps={{ allowDecimals: false, width: 34 }}
        lineChartProps={{ accessibilityLayer: false, margin: { top: 12, right: 12 } }}
        lineProps={{ isAnimationActive: false }}
      />
      <VisuallyHidden>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('figures.from')}</th>
              {SHOWN.map((name) => (
                <th scope="col" key={name}>
                  {t(`figures.of.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step, at) => (
              <tr key={step.from}>
                <th scope="row">{data[at]?.from}</th>
                {SHOWN.map((name) => (
                  <td key={name}>{step[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </>
  )
}
