import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { Text, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import type { WaitClass } from '../figures.ts'

/** How long people took from the registration to the right number. */
export default function WaitChart({ classes }: { classes: readonly WaitClass[] }) {
  const { t } = useTranslation('events')
  const locale = useLocale()
  const data = classes.map(({ boundSeconds, count }, at) => ({
    count,
    time:
      boundSeconds === undefined
        ? t('figures.moreThan', { time: formatSeconds(locale, classes[at - 1]?.boundSeconds ?? 0) })
        : t('figures.upTo', { time: formatSeconds(locale, boundSeconds) }),
  }))
  if (classes.every(({ count }) => count === 0)) {
    return (
      <Text size="sm" c="dimmed" ta="center" py="xl" my="xl">
        {t('figures.nothing')}
      </Text>
    )
  }
  return (
    <>
      <BarChart
        aria-hidden
        h={200}
        data={data}
        dataKey="time"
        series={[{ name: 'count', label: t('figures.waitsOf'), color: 'indigo.6' }]}
        gridAxis="x"
        tickLine="none"
        xAxisProps={{ interval: 'equidistantPreserveStart', minTickGap: 4 }}
        yAxisProps={{ allowDecimals: false, width: 34 }}
        barChartProps={{ accessibilityLayer: false, margin: { top: 12 } }}
        barProps={{ isAnimationActive: false, radius: [3, 3, 0, 0] }}
      />
      <VisuallyHidden>
        <ul>
          {data.map(({ time, count }) => (
            <li key={time}>
              {time}: {count}
            </li>
          ))}
        </ul>
      </VisuallyHidden>
    </>
  )
}
