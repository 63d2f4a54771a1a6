import type { ReactNode } from 'react'
import styles from './two-lines.module.css'

interface TwoLinesProps {
  readonly children: ReactNode
  /** Shown where the table is so narrow that the column of its own is hidden (`hideBelow: 'narrow'`). */
  readonly second: ReactNode
}

/** A cell with a second line on phones. */
export function TwoLines({ children, second }: TwoLinesProps) {
  return (
    <div className={styles.lines}>
      {children}
      <span className={styles.second}>{second}</span>
    </div>
  )
}
