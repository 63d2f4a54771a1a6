import { useEffect, useRef } from 'react'
import styles from './data-table.module.css'

interface CheckboxProps {
  readonly label: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: () => void
}

export function RowCheckbox({ label, ...input }: CheckboxProps) {
  return (
    <label className={styles.checkbox}>
      <input type="checkbox" aria-label={label} {...input} />
    </label>
  )
}

/** Ticked, not ticked or partly ticked. */
export function HeaderCheckbox({
  indeterminate,
  label,
  ...input
}: CheckboxProps & { indeterminate: boolean }) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = indeterminate && !input.checked
  }, [indeterminate, input.checked])
  return (
    <label className={styles.checkbox}>
      <input type="checkbox" ref={box} aria-label={label} {...input} />
    </label>
  )
}
