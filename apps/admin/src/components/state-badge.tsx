import type { ReactNode } from 'react'
import styles from './state-badge.module.css'

/** The meaning of a state: good, to be looked at, bad, neutral, or of test mode. */
export type Tone = 'good' | 'warning' | 'bad' | 'plain' | 'test'

/** A state as a coloured word. */
export function StateBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  )
}
