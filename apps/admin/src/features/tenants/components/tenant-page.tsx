import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { Failed } from '../../../components/failed.tsx'
import { IconBuildingOff } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { Page } from '../../../components/page.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { TenantDetailsDocument, type TenantDetailsQuery } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { Template } from '../../mail/components/template.tsx'
import '../../mail/texts/texts.ts'
import '../texts/texts.ts'
import { ApiKeys } from './api-keys.tsx'
import { Danger } from './danger.tsx'
import { TenantSettings } from './tenant-settings.tsx'
import styles from './tenants.module.css'

const TABS = ['settings', 'mail', 'keys', 'danger'] as const

/** One tenant: settings, mails, keys and deletion. */
export default function TenantPage() {
  const { t } = useTranslation('tenants')
  const { id = '' } = useParams()
  const [params] = useSearchParams()
  const tab = TABS.find((name) => name === params.get('tab')) ?? 'settings'
  const { data, error, refetch } = useQuery(TenantDetailsDocument, { id })
  const tenant = data?.tenant
  const reload = () => void refetch()
  return (
    <Page
      title={tenant?.name ?? id}
      beside={
        tenant && (
          <>
            <StateBadge tone={tenant.status === 'ACTIVE' ? 'good' : 'warning'}>
              {t(`status.${tenant.status}`)}
            </StateBadge>{' '}
            {tenant.testMode && <StateBadge tone="test">{t('test')}</StateBadge>}
          </>
        )
      }
    >
      <nav className={styles.tabs} aria-label={t('tabs.label')}>
        {TABS.map((name) => (
          <Link
            key={name}
            to={{ search: new URLSearchParams({ tenant: id, tab: name }).toString() }}
            aria-current={name === tab}
          >
            {t(`tabs.${name}`)}
          </Link>
        ))}
      </nav>
      {data !== undefined && <Content key={id} id={id} tab={tab} details={data} reload={reload} />}
      {data === undefined && error === undefined && <Skeleton height={320} />}
      {data === undefined && error !== undefined && (
        <Failed title={t('failed')} failure={toFailure(error)} onRetry={reload} />
      )}
    </Page>
  )
}

interface ContentProps {
  readonly id: string
  readonly tab: (typeof TABS)[number]
  readonly details: TenantDetailsQuery
  readonly reload: () => void
}

function Content({ id, tab, details: { tenant, apiKeys }, reload }: ContentProps) {
  const { t } = useTranslation('tenants')
  if (!tenant) return <MessageState icon={<IconBuildingOff />} title={t('none')} hint={t('noneHint')} />
  if (tenant.status === 'DELETING')
    return <MessageState icon={<IconBuildingOff />} title={t('status.DELETING')} hint={t('deletingHint')} />
  switch (tab) {
    case 'settings':
      return <TenantSettings tenant={tenant} onSaved={reload} />
    case 'mail':
      return <Template tenant={tenant} onSaved={reload} />
    case 'keys':
      return <ApiKeys tenantId={id} keys={apiKeys} onChanged={reload} />
    case 'danger':
      return <Danger tenant={tenant} onChanged={reload} />
  }
}
