import { type RowSelectionState, rowSelectionFeature, tableFeatures, useTable } from '@tanstack/react-table'
import { type ReactNode, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from './column.ts'
import styles from './data-table.module.css'
import { HeaderCheckbox } from './row-checkbox.tsx'
import { TableRow } from './table-row.tsx'
import { useRowKeys } from './use-row-keys.ts'
import { useVisibleRows } from './use-visible-rows.ts'

/** The ticked rows. */
export type Selection = RowSelectionState

interface DataTableProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => string
  /** Id of the element that names the table. */
  readonly labelledBy: string
  readonly caption?: string | undefined
  /** The row whose panel is open. */
  readonly openId?: string | undefined
  /** Rows that have ended: shown dimmed, cannot be ticked. */
  readonly isOver?: (row: Row) => boolean
  readonly selection?: Selection
  readonly onSelect?: (selection: Selection) => void
  /** Name of a ticked row for screen readers. */
  readonly nameOf?: (row: Row) => string
  /** Fills the rest of the page and scrolls itself. Only visible rows are rendered. */
  readonly fill?: boolean
  /** Not every row has a link, so keys scroll by the focus of the table itself. */
  readonly isFocusable?: boolean
  /** Called when the last rows come into view. */
  readonly onEndReached?: (() => void) | undefined
  readonly busy?: boolean
  /** Shown under the last row, for instance while more rows load. */
  readonly foot?: ReactNode
}

const features = tableFeatures({ rowSelectionFeature })
const NONE: Selection = {}

/**
 * The dashboard's table: rows of equal height, a fixed header, and ticks for actions on several rows. It
 * never reorders rows: they change only with its props.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, idOf, isOver, selection, onSelect, nameOf, openId, fill = false } = props
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const table = useTable({
    features,
    columns: useMemo(() => columns.map(({ id }) => ({ id })), [columns]),
    data: rows,
    getRowId: idOf,
    enableRowSelection: ({ original }) => !(isOver?.(original) ?? false),
    state: { rowSelection: selection ?? NONE },
    onRowSelectionChange: (change) =>
      onSelect?.(typeof change === 'function' ? change(selection ?? NONE) : change),
  })
  const model = table.getRowModel().rows
  const visible = useVisibleRows(scroller, model.length, fill, props.onEndReached)
  const keys = useRowKeys(scroller, model.length, visible.scrollTo)
  const selectable = onSelect !== undefined

  return (
    <div className={styles.frame} data-fill={fill || undefined} aria-busy={props.busy || undefined}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk between the links of the rows in it. */}
      <div
        className={styles.scroller}
        ref={scroller}
        onFocus={keys.onFocus}
        onKeyDown={keys.onKeyDown}
        {...(fill && { 'data-scroller': true })}
        {...(props.isFocusable && { tabIndex: 0 })}
      >
        <table
          className={styles.table}
          aria-labelledby={props.labelledBy}
          aria-rowcount={fill ? model.length + 1 : undefined}
        >
          {props.caption !== undefined && <caption className={styles.caption}>{props.caption}</caption>}
          <thead>
            <tr>
              {selectable && (
                <th scope="col" className={styles.tick}>
                  <HeaderCheckbox
                    label={t('app.table.selectAll')}
                    checked={table.getIsAllRowsSelected()}
                    indeterminate={table.getIsSomeRowsSelected()}
                    onChange={() => table.toggleAllRowsSelected()}
                  />
                </th>
              )}
              {columns.map(({ id, header, headerHidden, width, hideBelow, align }) => (
                <th key={id} scope="col" style={{ width }} data-hide={hideBelow} data-align={align}>
                  <span className={headerHidden ? styles.hidden : undefined}>{header}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Spacer height={visible.before} />
            {visible.indexes.map((index) => {
              const row = model[index]
              if (row === undefined) return null
              return (
                <TableRow
                  key={row.id}
                  row={row.original}
                  index={index}
                  columns={columns}
                  isOpen={row.id === openId}
                  isOver={isOver?.(row.original) ?? false}
                  {...(selectable && {
                    isSelected: selection?.[row.id] === true,
                    onToggle: () => row.toggleSelected(),
                    tickLabel: t('app.table.select', { name: nameOf?.(row.original) ?? row.id }),
                  })}
                />
              )
            })}
            <Spacer height={visible.after} />
          </tbody>
        </table>
        {props.foot}
      </div>
    </div>
  )
}

/** Takes the height of the rows that are not rendered. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: there is nothing in it to focus.
    <tr aria-hidden="true" className={styles.spacer}>
      <td style={{ height }} />
    </tr>
  )
}
