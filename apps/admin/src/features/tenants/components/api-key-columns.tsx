import { Menu } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { TwoLines } from '../../../components/data-table/two-lines.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { ApiKeyFactsFragment as ApiKey } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'

interface ApiKeyColumns {
  readonly isOfAdmins: boolean
  /** Both must stay the same from render to render, or else the columns are made anew. */
  readonly onRotate: (key: ApiKey) => void
  readonly onRevoke: (key: ApiKey) => void
}

/** A key that works no more. */
export const isOver = ({ revokedAt, expiresAt }: ApiKey) =>
  revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= clock.now())

export function useApiKeyColumns({
  isOfAdmins,
  onRotate,
  onRevoke,
}: ApiKeyColumns): readonly Column<ApiKey>[] {
  const { t } = useTranslation('tenants')
  const { t: common } = useTranslation()
  return useMemo<readonly Column<ApiKey>[]>(
    () => [
      {
        id: 'name',
        header: t('name'),
        isRowHeader: true,
        cell: ({ name: keyName, scope: of }) =>
          isOfAdmins ? <TwoLines second={t(`keys.scopes.${of}`)}>{keyName}</TwoLines> : keyName,
      },
      ...(isOfAdmins
        ? [
            {
              id: 'scope',
              header: t('keys.scope'),
              width: '8rem',
              hideBelow: 'narrow' as const,
              cell: ({ scope: of }: ApiKey) => t(`keys.scopes.${of}`),
            },
          ]
        : []),
      { id: 'id', header: t('id'), width: '9rem', hideBelow: 'wide', cell: ({ id }) => id },
      {
        id: 'state',
        header: t('state'),
        width: '6.5rem',
        cell: (key) => (
          <StateBadge tone={isOver(key) ? 'plain' : 'good'}>
            {t(isOver(key) ? (key.revokedAt ? 'keys.isRevoked' : 'keys.isExpired') : 'keys.works')}
          </StateBadge>
        ),
      },
      {
        id: 'used',
        header: t('keys.lastUse'),
        width: '7rem',
        hideBelow: 'medium',
        cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('keys.never') : <Age since={lastUsedAt} />),
      },
      {
        id: 'created',
        header: t('created'),
        width: '7rem',
        hideBelow: 'medium',
        cell: ({ createdAt }) => <Age since={createdAt} />,
      },
      {
        id: 'by',
        header: t('keys.by'),
        width: '10rem',
        hideBelow: 'wide',
        cell: ({ createdBy }) =>
          createdBy === null || createdBy.kind === 'SYSTEM'
            ? t('keys.bySystem')
            : createdBy.kind === 'ADMIN'
              ? createdBy.id
              : t('keys.byKey', { id: createdBy.id }),
      },
      {
        id: 'actions',
        header: t('actions'),
        headerHidden: true,
        width: '3.75rem',
        align: 'end',
        cell: (key) =>
          !isOver(key) && (
            <RowMenu label={common('app.table.actionsFor', { name: key.name })}>
              <Menu.Item onClick={() => onRotate(key)}>{t('keys.rotate')}</Menu.Item>
              <Menu.Item c="var(--app-bad)" onClick={() => onRevoke(key)}>
                {t('keys.revoke')}
              </Menu.Item>
            </RowMenu>
          ),
      },
    ],
    [t, common, isOfAdmins, onRotate, onRevoke],
  )
}
