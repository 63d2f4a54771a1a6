import { Menu } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { Email } from '../../../components/email.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import type { Identity, Row } from '../identity-list.ts'
import { type View, writeView } from '../view.ts'
import styles from './identity-columns.module.css'
import { IdentityState } from './identity-state.tsx'
import { TimeLeft } from './time-left.tsx'

/** The columns of the list. They change with filters and language, not with events. */
export function useIdentityColumns(
  view: View,
  onRevoke: (identities: readonly Identity[]) => void,
): readonly Column<Row>[] {
  const { t } = useTranslation('identities')
  const { t: common } = useTranslation()
  const filters = writeView({ ...view, open: 'x' }).toString()
  return useMemo(() => {
    const openPath = (id: string) => {
      const params = new URLSearchParams(filters)
      params.set('open', id)
      return { search: params.toString() }
    }
    return [
      {
        id: 'email',
        header: t('email'),
        isRowHeader: true,
        cell: ({ identity }) => (
          <div className={styles.email}>
            <RowLink to={openPath(identity.id)} title={identity.email}>
              <Email value={identity.email} />
            </RowLink>
            <span className={styles.sub}>
              <bdi>{identity.tenant.name}</bdi> · <Age since={identity.createdAt} />
            </span>
          </div>
        ),
      },
      {
        id: 'state',
        header: t('state'),
        width: '6rem',
        cell: ({ identity, state, end }) => <IdentityState identity={identity} state={state} end={end} />,
      },
      {
        id: 'tenant',
        header: t('tenant'),
        width: '16%',
        hideBelow: 'medium',
        cell: ({ identity }) => <bdi title={identity.tenant.id}>{identity.tenant.name}</bdi>,
      },
      {
        id: 'registered',
        header: t('registered'),
        width: '7rem',
        hideBelow: 'medium',
        cell: ({ identity }) => <Age since={identity.createdAt} />,
      },
      {
        id: 'left',
        header: t('timeLeft'),
        width: '8rem',
        hideBelow: 'narrow',
        cell: ({ identity, end }) =>
          end === undefined && <TimeLeft createdAt={identity.createdAt} expiresAt={identity.expiresAt} />,
      },
      {
        id: 'actions',
        header: t('actions'),
        headerHidden: true,
        width: '3.75rem',
        align: 'end',
        cell: ({ identity, end }) => (
          <RowMenu label={common('app.table.actionsFor', { name: identity.email })}>
            <Menu.Item onClick={() => void navigator.clipboard?.writeText(identity.email)}>
              {t('copyEmail')}
            </Menu.Item>
            <Menu.Item onClick={() => void navigator.clipboard?.writeText(identity.id)}>
              {t('copyId')}
            </Menu.Item>
            {end === undefined && (
              <Menu.Item c="var(--app-bad)" onClick={() => onRevoke([identity])}>
                {t('revoke')}
              </Menu.Item>
            )}
          </RowMenu>
        ),
      },
    ]
  }, [t, common, filters, onRevoke])
}
