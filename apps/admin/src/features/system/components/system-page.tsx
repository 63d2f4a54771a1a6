import { Skeleton } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { Failed } from '../../../components/failed.tsx'
import { Page } from '../../../components/page.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { SystemStatusDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import '../texts/texts.ts'
import { KeyRing } from './key-ring.tsx'
import { RedisServers } from './redis-servers.tsx'
import styles from './system-page.module.css'

const POLL_MS = 10_000

/** The state of the services, and what an operator should change. */
export default function SystemPage() {
  const { t } = useTranslation('system')
  const { data, error, refetch } = useQuery(SystemStatusDocument, {}, { pollMs: POLL_MS })
  const system = data?.system
  if (!system) {
    return (
      <Page title={t('title')}>
        {error === undefined ? (
          <Skeleton height={240} />
        ) : (
          <Failed title={t('failed')} failure={toFailure(error)} onRetry={() => void refetch()} />
        )}
      </Page>
    )
  }
  return (
    <Page
      title={t('title')}
      beside={
        <>
          Node {system.nodeVersion} · {t('started')} <Age since={system.startedAt} />
        </>
      }
    >
      <section aria-labelledby="services-title">
        <h2 className={styles.heading} id="services-title">
          {t('services')}
        </h2>
        <ul className={styles.services}>
          {system.services.map(({ name, ready, latencyMs }) => (
            <li key={name} className={styles.service}>
              <span className={styles.name}>{name}</span>
              <StateBadge tone={ready ? 'good' : 'bad'}>{t(ready ? 'ready' : 'down')}</StateBadge>
              <span className={styles.latency}>
                {latencyMs !== null && latencyMs > 0 && `${latencyMs} ms`}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="redis-title">
        <h2 className={styles.heading} id="redis-title">
          {t('redis.title')}
        </h2>
        {system.redis ? (
          <RedisServers servers={system.redis} />
        ) : (
          <p className={styles.fine}>{t('findingsUnknown')}</p>
        )}
      </section>
      <section aria-labelledby="keys-title">
        <h2 className={styles.heading} id="keys-title">
          {t('keys.title')}
        </h2>
        {system.keyRing ? (
          <KeyRing keys={system.keyRing} />
        ) : (
          <p className={styles.fine}>{t('findingsUnknown')}</p>
        )}
      </section>
      <section aria-labelledby="findings-title">
        <h2 className={styles.heading} id="findings-title">
          {t('findings')}
        </h2>
        {!system.findings ? (
          <p className={styles.fine}>{t('findingsUnknown')}</p>
        ) : system.findings.length === 0 ? (
          <p className={styles.fine}>
            <IconCircleCheck size={16} aria-hidden /> {t('fine')}
          </p>
        ) : (
          <ul className={styles.findings}>
            {system.findings.map(({ code, level, detail, fix }) => (
              <li key={`${code} ${detail}`} className={styles.finding}>
                <StateBadge tone={level === 'FAIL' ? 'bad' : 'warning'}>{t(`level.${level}`)}</StateBadge>
                <div>
                  <p>{detail}</p>
                  <p className={styles.fix}>{fix}</p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Page>
  )
}
