import { useTranslation } from 'react-i18next'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { SystemStatusQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatSeconds } from '../../../lib/time.ts'
import styles from './system-page.module.css'

type Server = NonNullable<SystemStatusQuery['system']['redis']>[number]

/** Each Redis server with its memory, persistence and replicas. */
export function RedisServers({ servers }: { servers: readonly Server[] }) {
  const { t } = useTranslation('system')
  const locale = useLocale()
  const number = new Intl.NumberFormat(locale)
  const bytes = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'megabyte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  })
  const size = (count: number) => bytes.format(count / 1_000_000)
  return servers.map((server, at) => (
    <dl key={at} className={styles.facts}>
      <dt>{t('redis.version')}</dt>
      <dd>
        {server.version}
        {server.uptimeSeconds !== null &&
          ` · ${t('redis.up', { time: formatSeconds(locale, server.uptimeSeconds) })}`}
      </dd>
      <dt>{t('redis.memory')}</dt>
      <dd>
        {server.usedMemoryBytes === null ? '–' : size(server.usedMemoryBytes)}
        {' / '}
        {server.maxMemoryBytes === null ? t('redis.noBound') : size(server.maxMemoryBytes)}
      </dd>
      <dt>{t('redis.disk')}</dt>
      <dd>
        {server.appendOnly === null ? '–' : t(server.appendOnly ? 'redis.appendOnly' : 'redis.snapshots')}{' '}
        {server.lastSaveOk !== null && (
          <StateBadge tone={server.lastSaveOk ? 'good' : 'bad'}>
            {t(server.lastSaveOk ? 'redis.saved' : 'redis.notSaved')}
          </StateBadge>
        )}
      </dd>
      <dt>{t('redis.replicas')}</dt>
      <dd>{server.replicas ?? '–'}</dd>
      <dt>{t('redis.operations')}</dt>
      <dd>{server.operationsPerSecond === null ? '–' : number.format(server.operationsPerSecond)}</dd>
    </dl>
  ))
}
