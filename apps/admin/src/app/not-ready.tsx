import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { IconCloudOff } from '../components/icons/first-icons.ts'
import { ReadinessDocument } from '../generated/graphql.ts'
import { useQuery } from '../lib/graphql/use-query.ts'
import styles from './outage-strip.module.css'

const POLL_MS = 15_000
const SERVICES = ['persistence', 'mailer'] as const

/**
 * Names a service that is not ready. Its reads may go on, as while Redis is full or a replica, and then no
 * list of the page fails.
 */
export function NotReady() {
  const { t } = useTranslation()
  const { data } = useQuery(ReadinessDocument, {}, { pollMs: POLL_MS })
  const services = data?.system.services ?? []
  const name = SERVICES.find((one) => services.some((service) => service.name === one && !service.ready))
  if (name === undefined) return null
  return (
    <div className={styles.strip}>
      <IconCloudOff size={16} aria-hidden />
      <span>
        <strong>{t(`app.notReady.${name}`)}</strong> <Link to="/system">{t('app.notReady.why')}</Link>
      </span>
    </div>
  )
}
