import type { ReactNode } from 'react'
import styles from './state-badge.module.css'

/** How something is to be taken: as good news, as something to look at, as bad news, or as none of these. */
export type Tone = 'good' | 'warning' | 'bad' | 'plain'

/** A state in a word and a colour. */
export function StateBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  )
}
