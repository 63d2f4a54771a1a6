import styles from './overview-page.module.css'

const WIDTH = 100
const HEIGHT = 24

/** The trend of a number, without axes. A gap is a step without a value. The chart below has the axes. */
export function Sparkline({ values }: { values: readonly (number | undefined)[] }) {
  const most = Math.max(...values.map((value) => value ?? 0))
  // A single point is no trend.
  if (most <= 0 || values.filter((value) => value !== undefined).length < 2) return null
  const path = values.map((value, at) => {
    if (value === undefined) return ''
    const x = ((at / Math.max(1, values.length - 1)) * WIDTH).toFixed(1)
    const y = (HEIGHT - (value / most) * HEIGHT).toFixed(1)
    // A value between two gaps is a dot.
    return values[at - 1] === undefined ? `M${x},${y}h0` : `L${x},${y}`
  })
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path.join('')} />
    </svg>
  )
}
