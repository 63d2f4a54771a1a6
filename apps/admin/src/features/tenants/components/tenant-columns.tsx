import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { TenantListQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import { Conversion, LiveCount } from './tenant-counts.tsx'

type Tenant = TenantListQuery['tenants'][number]

/** The columns of the list of tenants. */
export function useTenantColumns(): readonly Column<Tenant>[] {
  const { t } = useTranslation('tenants')
  const locale = useLocale()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('name'),
        isRowHeader: true,
        cell: ({ id, name }) => (
          <RowLink to={`/tenants/${id}?tenant=${id}`}>
            <bdi>{name}</bdi>
          </RowLink>
        ),
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
        hideBelow: 'narrow',
        cell: ({ id }) => <LiveCount tenantId={id} />,
      },
      {
        id: 'conversion',
        header: t('conversion'),
        width: '8rem',
        align: 'end',
        hideBelow: 'medium',
        cell: ({ id }) => <Conversion tenantId={id} />,
      },
      {
        id: 'life',
        header: t('life'),
        width: '7rem',
        hideBelow: 'wide',
        cell: ({ settings }) => formatSeconds(locale, settings.ttlSeconds),
      },
      {
        id: 'created',
        header: t('created'),
        width: '7rem',
        hideBelow: 'wide',
        cell: ({ createdAt }) => <Age since={createdAt} />,
      },
    ],
    [t, locale],
  )
}
