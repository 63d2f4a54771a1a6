import { lazy, useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { DataTable, type Selection } from '../../../components/data-table/data-table.tsx'
import { SelectionBar } from '../../../components/data-table/selection-bar.tsx'
import { LazyPart } from '../../../components/lazy-part.tsx'
import { PAGE_TITLE_ID, Page } from '../../../components/page.tsx'
import splitStyles from '../../../components/split.module.css'
import { useShortcuts } from '../../../components/use-shortcuts.ts'
import { useIdentityList } from '../api/use-identity-list.ts'
import { useRequestLookup } from '../api/use-request-lookup.ts'
import type { Row } from '../identity-list.ts'
import '../texts/texts.ts'
import { useView } from '../view.ts'
import { BulkRevokeButton } from './bulk-revoke-button.tsx'
import { useIdentityColumns } from './identity-columns.tsx'
import { IdentityFilters } from './identity-filters.tsx'
import { ListState } from './list-states.tsx'
import { NewPill } from './new-pill.tsx'
import { ScanProgress } from './scan-progress.tsx'
import { useConfirmedRevoke } from './use-confirmed-revoke.ts'
import { useIsOver } from './use-is-over.ts'

const loadPanel = () => import('./identity-panel.tsx')
const IdentityPanel = lazy(loadPanel)

const idOf = ({ identity }: Row) => identity.id
const nameOf = ({ identity }: Row) => identity.email

/** Everybody who was mailed a number and has not used it yet. */
export default function IdentitiesPage() {
  const { t } = useTranslation('identities')
  const { view, change } = useView()
  const live = useIdentityList(view)
  const { list, refresh } = live
  useRequestLookup(view.request, (id) => {
    change({ request: undefined, open: id ?? view.open }, { replace: true })
  })
  const [selection, setSelection] = useState<Selection>({})
  const clearSelection = useCallback(() => setSelection({}), [])
  const { askRevoke, confirmation, close } = useConfirmedRevoke(clearSelection)
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })
  const isOver = useIsOver()
  const columns = useIdentityColumns(view, askRevoke)
  const rows = list?.rows
  const ticked = useMemo(
    () => rows?.filter((row) => selection[idOf(row)] && !isOver(row)).map(({ identity }) => identity) ?? [],
    [rows, selection, isOver],
  )
  // The count is filtered by tenant only.
  const isFiltered = [view.email, view.domain, view.delivery].some((filter) => filter !== undefined)
  const counted = list !== undefined && !isFiltered

  return (
    <div className={splitStyles.split}>
      <Page
        title={t('title')}
        // Not above the table, because its rows would move when the search ends.
        beside={
          live.scan === undefined
            ? counted && t('total', { count: list.total })
            : list && <ScanProgress scan={live.scan} total={list.total} />
        }
        actions={<NewPill count={list?.newIds.size ?? 0} onShow={refresh} />}
        toolbar={<IdentityFilters view={view} onChange={change} searchRef={search} />}
        fill
      >
        {rows !== undefined && rows.length > 0 ? (
          <DataTable
            columns={columns}
            rows={rows}
            idOf={idOf}
            nameOf={nameOf}
            isOver={isOver}
            labelledBy={PAGE_TITLE_ID}
            caption={t('caption')}
            openId={view.open}
            selection={selection}
            onSelect={setSelection}
            onEndReached={live.hasMore ? live.loadMore : undefined}
            fill
          />
        ) : (
          <ListState
            live={live}
            view={view}
            onClear={() => change({ email: undefined, domain: undefined, delivery: undefined })}
          />
        )}
        <SelectionBar count={ticked.length} onClear={clearSelection}>
          <BulkRevokeButton onClick={() => askRevoke(ticked)} />
        </SelectionBar>
      </Page>
      <LazyPart load={loadPanel} needed={view.open !== undefined}>
        {view.open !== undefined && (
          <IdentityPanel
            id={view.open}
            row={rows?.find((row) => idOf(row) === view.open)}
            onClose={() => change({ open: undefined })}
            onRevoke={(identity) => askRevoke([identity])}
            onFind={(email) => change({ email, domain: undefined, open: undefined })}
          />
        )}
      </LazyPart>
      <ConfirmDialog confirmation={confirmation} onClose={close} />
    </div>
  )
}
