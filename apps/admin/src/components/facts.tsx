import type { ReactNode } from 'react'
import { CopyIcon } from './copy-icon.tsx'
import styles from './facts.module.css'

/** What is known of a thing. A fact without a value is left out. */
export type Fact = readonly [label: string, value: ReactNode]

/** Facts in the panel beside a list, one below the other. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([label, value]) => [<dt key={`${label} label`}>{label}</dt>, <dd key={label}>{value}</dd>])}
    </dl>
  )
}

/** A value in the type of code that can be copied. `what` names it for screen readers. */
export function CopiedValue({ value, what }: { value: string; what: string }) {
  return (
    <span className={styles.copied}>
      {value}
      <CopyIcon value={value} what={what} />
    </span>
  )
}
