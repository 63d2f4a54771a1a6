import { Link } from 'react-router'
import styles from './overview-page.module.css'
import { Sparkline } from './sparkline.tsx'

export interface TileProps {
  readonly label: string
  readonly value: string
  /** Names the value for tests. */
  readonly testId: string
  /** The change to the period before, or another statistic beside it. */
  readonly under: string
  /** For screen readers: what `under` compares with. */
  readonly underTitle?: string | undefined
  /** One value a step. */
  readonly trend: readonly (number | undefined)[]
  /** The list of what was counted. */
  readonly to: string
}

/** A number with its trend. It leads to the list of what it counts. */
export function Tile({ label, value, testId, under, underTitle, trend, to }: TileProps) {
  return (
    <li>
      <Link to={to} className={`${styles.card} ${styles.tile}`}>
        <span className={styles.label} title={label}>
          {label}
        </span>
        <span className={styles.value} data-number data-testid={testId}>
          {value}
        </span>
        <span className={styles.under}>
          <span className={styles.change} title={underTitle}>
            {under}
          </span>
          <Sparkline values={trend} />
        </span>
      </Link>
    </li>
  )
}
