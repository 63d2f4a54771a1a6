import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { Failed } from '../../../components/failed.tsx'
import { IconBuildingOff } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { Page } from '../../../components/page.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { TenantDetailsDocument } from '../../../generated/graphql.ts'
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
      {data === undefined ? (
        error === undefined ? (
          <Skeleton height={320} />
        ) : (
          <Failed title={t('failed')} failure={toFailure(error)} onRetry={reload} />
        )
      ) : !tenant ? (
        <MessageState icon={<IconBuildingOff />} title={t('none')} hint={t('noneHint')} />
      ) : tenant.status === 'DELETING' ? (
        <MessageState icon={<IconBuildingOff />} title={t('status.DELETING')} hint={t('deletingHint')} />
      ) : tab === 'settings' ? (
        <TenantSettings key={id} tenant={tenant} onSaved={reload} />
      ) : tab === 'mail' ? (
        <Template key={id} tenant={tenant} onSaved={reload} />
      ) : tab === 'keys' ? (
        <ApiKeys key={id} tenantId={id} keys={data.apiKeys} onChanged={reload} />
      ) : (
        <Danger key={id} tenant={tenant} onChanged={reload} />
      )}
    </Page>
  )
}
