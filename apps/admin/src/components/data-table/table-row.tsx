import { memo } from 'react'
import type { Column } from './column.ts'
import styles from './data-table.module.css'
import { RowCheckbox } from './row-checkbox.tsx'
import { openRow } from './row-link.tsx'

interface TableRowProps<Row> {
  readonly row: Row
  readonly index: number
  readonly columns: readonly Column<Row>[]
  readonly isOpen: boolean
  readonly isOver: boolean
  /** Absent: rows cannot be ticked. */
  readonly isSelected?: boolean
  readonly onToggle?: () => void
  readonly tickLabel?: string
}

function Row<T>(props: TableRowProps<T>) {
  const { row, index, columns, isOpen, isOver, isSelected, onToggle, tickLabel = '' } = props
  return (
    <tr
      onClick={openRow}
      data-index={index}
      aria-rowindex={index + 2}
      data-open={isOpen || undefined}
      data-over={isOver || undefined}
      data-selected={isSelected || undefined}
    >
      {onToggle !== undefined && (
        <td className={styles.tick}>
          <RowCheckbox
            label={tickLabel}
            checked={isSelected === true}
            disabled={isOver}
            onChange={() => onToggle()}
          />
        </td>
      )}
      {columns.map(({ id, cell, hideBelow, align, isRowHeader }) =>
        isRowHeader ? (
          <th key={id} scope="row" data-hide={hideBelow}>
            {cell(row)}
          </th>
        ) : (
          <td key={id} data-hide={hideBelow} data-align={align}>
            {cell(row)}
          </td>
        ),
      )}
    </tr>
  )
}

/**
 * One row. Rendered again only when it changes, because hundreds of events may come in a second. The cast
 * brings back the type parameter, which `memo` loses.
 */
export const TableRow = memo(Row, (before, after) => {
  const same: (keyof TableRowProps<unknown>)[] = ['row', 'index', 'columns', 'isOpen', 'isOver', 'isSelected']
  return same.every((prop) => before[prop] === after[prop])
}) as typeof Row
