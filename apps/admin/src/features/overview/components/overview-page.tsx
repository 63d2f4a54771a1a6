import { useTranslation } from 'react-i18next'
import { Failed } from '../../../components/failed.tsx'
import { Page } from '../../../components/page.tsx'
import '../texts/texts.ts'
import { useNow } from '../../../lib/clock.ts'
import { useTenantScope } from '../../tenants/tenant-scope.ts'
import { useOverview } from '../api/use-overview.ts'
import { customPeriod, periodOf } from '../range.ts'
import { useSamePeriod } from '../use-same-period.ts'
import { useRange } from '../view.ts'
import { Charts } from './charts.tsx'
import { Funnel } from './funnel.tsx'
import styles from './overview-page.module.css'
import { Problems } from './problems.tsx'
import { RangePicker } from './range-picker.tsx'
import { Tiles } from './tiles.tsx'

/** The overview: live identities, share and speed of verifications, and failures. */
export default function OverviewPage() {
  const { t } = useTranslation('overview')
  const tenantId = useTenantScope()
  const { range, from, to, change } = useRange()
  const now = useNow()
  const period = useSamePeriod(range === 'custom' ? customPeriod(from, to, now) : periodOf(range, now))
  const { data, failure, liveCount, retry } = useOverview(period, tenantId)
  return (
    <Page title={t('title')} actions={<RangePicker range={range} from={from} to={to} onChange={change} />}>
      {period === undefined ? (
        <p className={styles.hint}>{t('range.choose')}</p>
      ) : data === undefined && failure !== undefined ? (
        <Failed title={t('failed')} failure={failure} onRetry={retry} />
      ) : (
        <div className={styles.overview}>
          <Tiles data={data} period={period} liveCount={liveCount} />
          <Funnel data={data} steps={period.steps} />
          <Problems data={data} steps={period.steps} />
          <Charts data={data} period={period} />
        </div>
      )}
    </Page>
  )
}
