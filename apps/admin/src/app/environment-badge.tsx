import { useTranslation } from 'react-i18next'
import { StateBadge } from '../components/state-badge.tsx'
import { EnvironmentDocument } from '../generated/graphql.ts'
import { useQuery } from '../lib/graphql/use-query.ts'

/** Shows whether this installation is for production or development. */
export function EnvironmentBadge() {
  const { t } = useTranslation()
  const { data } = useQuery(EnvironmentDocument, {})
  const environment = data?.system.environment
  if (environment === undefined) return null
  return (
    <StateBadge tone={environment === 'PRODUCTION' ? 'good' : 'warning'}>
      {t(`app.environment.${environment}`)}
    </StateBadge>
  )
}
