import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { ActButton } from '../../../components/act-button.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconBuilding, IconPlus } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, Page } from '../../../components/page.tsx'
import { TenantListDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { inNameOrder } from '../in-name-order.ts'
import '../texts/texts.ts'
import { useTenantColumns } from './tenant-columns.tsx'
import { TenantWizard } from './tenant-wizard.tsx'

/** All tenants, and a button to create one. */
export default function TenantsPage() {
  const { t } = useTranslation('tenants')
  const [params, setParams] = useSearchParams()
  const { data, error, refetch } = useQuery(TenantListDocument, {})
  const locale = useLocale()
  const tenants = useMemo(() => data && inNameOrder(data.tenants, locale), [data, locale])
  const [isNew, setNew] = useState(false)
  const opened = isNew || params.has('new')
  const columns = useTenantColumns()
  function close() {
    setNew(false)
    if (params.has('new')) setParams({}, { replace: true })
    void refetch()
  }
  const startButton = (
    <ActButton leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setNew(true)}>
      {t('new')}
    </ActButton>
  )
  return (
    <Page
      title={t('title')}
      beside={tenants?.length}
      actions={tenants !== undefined && tenants.length > 0 && startButton}
      fill
    >
      {tenants === undefined ? (
        error === undefined ? (
          <TableSkeleton />
        ) : (
          <Failed title={t('failed')} failure={toFailure(error)} onRetry={() => void refetch()} />
        )
      ) : tenants.length === 0 ? (
        <MessageState icon={<IconBuilding />} title={t('empty')} hint={t('emptyHint')}>
          {startButton}
        </MessageState>
      ) : (
        <DataTable columns={columns} rows={tenants} idOf={({ id }) => id} labelledBy={PAGE_TITLE_ID} fill />
      )}
      <TenantWizard opened={opened} onClose={close} />
    </Page>
  )
}
