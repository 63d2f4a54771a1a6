import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { TwoLines } from '../../../components/data-table/two-lines.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { useTenantNames } from '../../tenants/api/use-tenant-names.ts'
import { TenantName } from '../../tenants/components/tenant-name.tsx'
import type { WebhookRow } from '../api/use-webhook-list.ts'
import { CONDITION_TONES, conditionOf, shortUrl } from '../webhook.ts'
import styles from './webhooks.module.css'

/** The columns of the list. The tenant stands in it when those of all tenants are shown. */
export function useWebhookColumns(
  tenantId: string | undefined,
  openPath: (id: string) => { search: string },
): readonly Column<WebhookRow>[] {
  const { t } = useTranslation('webhooks')
  const locale = useLocale()
  const names = useTenantNames()
  return useMemo(() => {
    const number = new Intl.NumberFormat(locale)
    const columns: (Column<WebhookRow> | false)[] = [
      {
        id: 'url',
        header: t('panel.label'),
        isRowHeader: true,
        cell: ({ webhook: { id, tenantId: ofTenant, url, description } }) => (
          <TwoLines second={tenantId === undefined && <TenantName id={ofTenant} names={names} />}>
            <RowLink to={openPath(id)} title={url}>
              {description ?? (url === '' ? id : shortUrl(url))}
            </RowLink>
            {description !== null && <span className={styles.beside}>{shortUrl(url)}</span>}
          </TwoLines>
        ),
      },
      tenantId === undefined && {
        id: 'tenant',
        header: t('tenant'),
        width: '14%',
        hideBelow: 'medium',
        cell: ({ webhook }) => <TenantName id={webhook.tenantId} names={names} />,
      },
      {
        id: 'state',
        header: t('state'),
        width: '8rem',
        cell: ({ webhook, health }) => {
          const condition = conditionOf(webhook, health)
          return <StateBadge tone={CONDITION_TONES[condition]}>{t(`condition.${condition}`)}</StateBadge>
        },
      },
      {
        id: 'types',
        header: t('types'),
        width: '8rem',
        hideBelow: 'wide',
        cell: ({ webhook: { eventTypes } }) =>
          eventTypes === null ? t('all') : t('typeCount', { count: eventTypes.length }),
      },
      {
        id: 'waiting',
        header: t('waiting'),
        width: '6rem',
        align: 'end',
        hideBelow: 'medium',
        cell: ({ health }) => (health === undefined ? '–' : number.format(health.waiting)),
      },
      {
        id: 'failed',
        header: t('givenUp'),
        width: '7rem',
        align: 'end',
        hideBelow: 'wide',
        cell: ({ health }) => (health === undefined ? '–' : number.format(health.failed)),
      },
      {
        id: 'success',
        header: t('lastSuccess'),
        width: '8rem',
        hideBelow: 'narrow',
        cell: ({ health }) =>
          health === undefined ? (
            '–'
          ) : health.lastSuccessAt === null ? (
            t('never')
          ) : (
            <Age since={health.lastSuccessAt} />
          ),
      },
    ]
    return columns.filter((column) => column !== false)
  }, [t, locale, tenantId, names, openPath])
}
