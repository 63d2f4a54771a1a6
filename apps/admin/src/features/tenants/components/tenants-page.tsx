import { IconBuilding, IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { ActButton } from '../../../components/act-button.tsx'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, Page } from '../../../components/page.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { TenantListDocument, type TenantListQuery } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import '../texts/texts.ts'
import { Conversion, LiveCount } from './tenant-counts.tsx'
import { TenantWizard } from './tenant-wizard.tsx'

type Tenant = TenantListQuery['tenants'][number]

/** All tenants, and a button to create one. */
export default function TenantsPage() {
  const { t } = useTranslation('tenants')
  const locale = useLocale()
  const [params, setParams] = useSearchParams()
  const { data, error, refetch } = useQuery(TenantListDocument, {})
  const [isNew, setNew] = useState(false)
  const opened = isNew || params.has('new')
  const columns = useMemo<readonly Column<Tenant>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        isRowHeader: true,
        cell: ({ id, name }) => <RowLink to={`/tenants/${id}?tenant=${id}`}>{name}</RowLink>,
      },
      { id: 'id', header: t('id'), width: '14%', hideBelow: 'medium', cell: ({ id }) => id },
      {
        id: 'state',
        header: t('state'),
        width: '10rem',
        cell: ({ status, testMode }) => (
          <>
            <StateBadge tone={status === 'ACTIVE' ? 'good' : 'warning'}>{t(`status.${status}`)}</StateBadge>{' '}
            {testMode && <StateBadge tone="test">{t('test')}</StateBadge>}
          </>
        ),
      },
      {
        id: 'live',
        header: t('liveCount'),
        width: '5rem',
        align: 'end',
        cell: ({ id }) => <LiveCount tenantId={id} />,
      },
      {
        id: 'conversion',
        header: t('conversion'),
        width: '8rem',
        align: 'end',
        hideBelow: 'narrow',
        cell: ({ id }) => <Conversion tenantId={id} />,
      },
      {
        id: 'life',
        header: t('life'),
        width: '7rem',
        hideBelow: 'medium',
        cell: ({ settings }) => formatSeconds(locale, settings.ttlSeconds),
      },
      {
        id: 'created',
        header: t('created'),
        width: '7rem',
        hideBelow: 'medium',
        cell: ({ createdAt }) => <Age since={createdAt} />,
      },
    ],
    [t, locale],
  )
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
      beside={data?.tenants.length}
      actions={data !== undefined && data.tenants.length > 0 && startButton}
      fill
    >
      {data === undefined ? (
        error === undefined ? (
          <TableSkeleton />
        ) : (
          <Failed title={t('failed')} failure={toFailure(error)} onRetry={() => void refetch()} />
        )
      ) : data.tenants.length === 0 ? (
        <MessageState icon={<IconBuilding />} title={t('empty')} hint={t('emptyHint')}>
          {startButton}
        </MessageState>
      ) : (
        <DataTable
          columns={columns}
          rows={data.tenants}
          idOf={({ id }) => id}
          labelledBy={PAGE_TITLE_ID}
          fill
        />
      )}
      <TenantWizard opened={opened} onClose={close} />
    </Page>
  )
}
