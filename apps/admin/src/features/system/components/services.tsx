import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { SystemStatusQuery } from '../../../generated/graphql.ts'
import styles from './system-page.module.css'

type Service = SystemStatusQuery['system']['services'][number]

/** Each service with its state, version and start. */
export function Services({ services }: { services: readonly Service[] }) {
  const { t } = useTranslation('system')
  return (
    <ul className={styles.services}>
      {services.map(({ name, ready, latencyMs, version, startedAt }) => (
        <li key={name} className={styles.service}>
          <div className={styles.line}>
            <span className={styles.name}>{name}</span>
            <StateBadge tone={ready ? 'good' : 'bad'}>
              {t(ready ? 'ready' : latencyMs === null ? 'down' : 'notReady')}
            </StateBadge>
            <span className={styles.latency}>{latencyMs !== null && latencyMs > 0 && `${latencyMs} ms`}</span>
          </div>
          <div className={styles.detail}>
            {version !== null && t('version', { version })}
            {startedAt !== null && (
              <>
                {' · '}
                {t('started')} <Age since={startedAt} />
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
