import { ActionIcon, Skeleton } from '@mantine/core'
import { type ReactNode, Suspense, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorBoundary } from '../../../components/error-boundary.tsx'
import { IconChartBar, IconDownload, IconTable } from '../../../components/icons/page-icons.ts'
import { downloadCsv } from '../../../lib/csv.ts'
import styles from './overview-page.module.css'

/** One bar, and one row of the table behind the chart. */
export interface ChartRow {
  readonly label: string
  readonly values: readonly number[]
}

interface ChartCardProps {
  readonly title: string
  readonly file: string
  readonly columns: readonly string[]
  readonly rows: readonly ChartRow[]
  /** The chart. A table with the same data serves screen readers. */
  readonly children: ReactNode
}

export function ChartCard({ title, file, columns, rows, children }: ChartCardProps) {
  const { t } = useTranslation('overview')
  const { t: common } = useTranslation()
  const [isTable, showTable] = useState(false)
  const id = useId()
  const Icon = isTable ? IconChartBar : IconTable
  const other = t(isTable ? 'asChart' : 'asTable')
  return (
    <section className={`${styles.card} ${styles.chart}`} aria-labelledby={id}>
      <div className={styles.chartHead}>
        <h2 id={id}>{title}</h2>
        <span>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${title}: ${other}`}
            title={other}
            onClick={() => showTable(!isTable)}
          >
            <Icon size={14} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${title}: ${common('app.csv')}`}
            title={common('app.csv')}
            onClick={() =>
              downloadCsv(file, [columns, ...rows.map(({ label, values }) => [label, ...values])])
            }
          >
            <IconDownload size={14} />
          </ActionIcon>
        </span>
      </div>
      {isTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <div className={styles.table} tabIndex={0}>
          <table aria-labelledby={id}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ label, values }, at) => (
                <tr key={at}>
                  <th scope="row">{label}</th>
                  {values.map((value, column) => (
                    <td key={columns[column + 1]}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        // The chart is optional: without its code the numbers above remain.
        <ErrorBoundary fallback={null}>
          <Suspense fallback={<Skeleton height={200} />}>{children}</Suspense>
        </ErrorBoundary>
      )}
    </section>
  )
}
