import { useTranslation } from 'react-i18next'
import { StateBadge } from '../components/state-badge.tsx'
import { useTenantChoices } from '../features/tenants/api/use-tenant-choices.ts'
import { useTenantScope } from '../features/tenants/tenant-scope.ts'
import { EnvironmentDocument } from '../generated/graphql.ts'
import { useQuery } from '../lib/graphql/use-query.ts'

/** Shows test mode of the chosen tenant, else whether this installation is for production or development. */
export function EnvironmentBadge() {
  const { t } = useTranslation()
  const { data } = useQuery(EnvironmentDocument, {})
  const tenantId = useTenantScope()
  const isTest = useTenantChoices(tenantId).some(({ id, testMode }) => id === tenantId && testMode)
  const environment = data?.system.environment
  if (isTest) return <StateBadge tone="test">{t('app.environment.TEST')}</StateBadge>
  if (environment === undefined) return null
  return (
    <StateBadge tone={environment === 'PRODUCTION' ? 'good' : 'warning'}>
      {t(`app.environment.${environment}`)}
    </StateBadge>
  )
}
