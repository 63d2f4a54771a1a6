import type { ReactNode } from 'react'

/** One column of a table. */
export interface Column<Row> {
  readonly id: string
  readonly header: string
  /** Show the header only to screen readers. */
  readonly headerHidden?: boolean
  /** CSS width. Columns without one share the rest. */
  readonly width?: string
  readonly align?: 'end'
  /** Hide the column when the table is narrower: `medium` is about a tablet, `narrow` a phone. */
  readonly hideBelow?: 'wide' | 'medium' | 'narrow'
  /** The cell names the row. One column has it. */
  readonly isRowHeader?: boolean
  readonly cell: (row: Row) => ReactNode
}
