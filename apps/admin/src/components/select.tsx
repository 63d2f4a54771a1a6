import type { ReactNode } from 'react'
import { IconChevronDown } from './icons/first-icons.ts'
import styles from './select.module.css'

interface SelectProps {
  /** Shown inside the control, before the value; in a form above it, as those of its other fields. */
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly disabled?: boolean
  readonly inForm?: boolean
  /** `option`s. */
  readonly children: ReactNode
}

/** A labelled native select, which screen readers and phones support. */
export function Select({ label, value, onChange, disabled, inForm, children }: SelectProps) {
  return (
    <label className={styles.select} data-in-form={inForm || undefined}>
      <span className={styles.label}>{label}</span>
      <select value={value} disabled={disabled} onChange={(event) => onChange(event.currentTarget.value)}>
        {children}
      </select>
      <IconChevronDown size={14} aria-hidden className={styles.chevron} />
    </label>
  )
}
