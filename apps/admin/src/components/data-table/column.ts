import type { ReactNode } from 'react'

/** One column of a table. */
export interface Column<Row> {
  readonly id: string
  readonly header: string
  /** The header is for screen readers only. */
  readonly headerHidden?: boolean
  /** CSS width; the columns without one share what is left. */
  readonly width?: string
  readonly align?: 'end'
  /** Where the table is narrower than this the column goes: `medium` is about a tablet, `narrow` a phone. */
  readonly hideBelow?: 'wide' | 'medium' | 'narrow'
  /** The cell names the row; there is one such column. */
  readonly isRowHeader?: boolean
  readonly cell: (row: Row) => ReactNode
}
