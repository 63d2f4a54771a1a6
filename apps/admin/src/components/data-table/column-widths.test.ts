import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { useEventColumns } from '../../features/events/components/event-columns.tsx'
import { useIdentityColumns } from '../../features/identities/components/identity-columns.tsx'
import { useMessageColumns } from '../../features/messages/components/message-columns.tsx'
import { useApiKeyColumns } from '../../features/tenants/components/api-key-columns.tsx'
import { useTenantColumns } from '../../features/tenants/components/tenant-columns.tsx'
import { useWebhookColumns } from '../../features/webhooks/components/webhook-columns.tsx'
import type { Column } from './column.ts'

// It changes the page's language, and there is no page.
vi.mock('../../lib/i18n/i18n.ts', () => ({ useLocale: () => 'en' }))
// It asks the gateway.
vi.mock('../../features/tenants/api/use-tenant-names.ts', () => ({ useTenantNames: () => new Map() }))

/** Anything that a hook asks of its page and does not call while it makes columns. */
const unused = () => {
  throw new Error('not called while columns are made')
}
const message = (state: 'SENT' | 'DEFERRED' | 'BOUNCED') => () =>
  useMessageColumns(state, true, { busy: new Set(), onRetry: unused, onDrop: unused })

const tables: readonly (readonly [string, () => readonly Column<never>[], ticks?: 'ticks'])[] = [
  ['admin keys', () => useApiKeyColumns({ isOfAdmins: true, onRotate: unused, onRevoke: unused })],
  ['API keys', () => useApiKeyColumns({ isOfAdmins: false, onRotate: unused, onRevoke: unused })],
  ['tenants', useTenantColumns],
  ['webhooks', () => useWebhookColumns(undefined, unused)],
  ['sent messages', message('SENT')],
  ['deferred messages', message('DEFERRED')],
  ['bounced messages', message('BOUNCED')],
  ['identities', () => useIdentityColumns({} as never, unused), 'ticks'],
  ['events', () => useEventColumns({} as never, false)],
  ['audit', () => useEventColumns({} as never, true)],
]

/**
 * The narrowest table of each kind that data-table.module.css knows, what it hides, what ticks take at the
 * start of a row, and the least for what names the row, all in rem. 8.5 is an address of 18 characters.
 */
const screens = [
  { width: 20, hidden: ['wide', 'medium', 'narrow'], tick: 2.5, least: 7.5 },
  { width: 30, hidden: ['wide', 'medium'], tick: 3.5, least: 7.5 },
  { width: 44, hidden: ['wide'], tick: 3.5, least: 8.5 },
  { width: 60, hidden: [], tick: 3.5, least: 8.5 },
]

test.each(
  tables.flatMap(([name, useColumns, ticks]) =>
    screens.map((screen) => [name, screen.width, screen, useColumns, ticks] as const),
  ),
)('%s, %d rem wide: the column without a width has enough', (_name, width, screen, useColumns, ticks) => {
  const { hidden, tick, least } = screen
  const columns = columnsOf(useColumns).filter(
    ({ hideBelow }) => hideBelow === undefined || !hidden.includes(hideBelow),
  )
  const elastic = columns.filter((column) => column.width === undefined)
  const taken = columns.reduce((sum, column) => sum + remOf(column.width, width), ticks ? tick : 0)
  expect(columns.filter(({ isRowHeader }) => isRowHeader)).toHaveLength(1)
  expect(width - taken).toBeGreaterThanOrEqual(elastic.length * least)
})

function columnsOf(useColumns: () => readonly Column<never>[]): readonly Column<never>[] {
  let columns: readonly Column<never>[] = []
  function Page() {
    columns = useColumns()
    return null
  }
  renderToStaticMarkup(createElement(Page))
  return columns
}

function remOf(width: string | undefined, table: number): number {
  if (width === undefined) return 0
  const size = Number.parseFloat(width)
  if (width.endsWith('rem')) return size
  if (width.endsWith('%')) return (size * table) / 100
  throw new Error(`Widths of columns are in rem or %, not ${width}.`)
}
