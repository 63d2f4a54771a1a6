import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { IconCloudOff } from '../components/icons/first-icons.ts'
import { ReadinessDocument } from '../generated/graphql.ts'
import { useQuery } from '../lib/graphql/use-query.ts'
import styles from './outage-strip.module.css'

const POLL_MS = 10_000
/** A restart ends sooner, and two answers in a row have to say the same. */
const LASTING_MS = 12_000
const SERVICES = ['persistence', 'mailer'] as const

/**
 * Names the services that are not ready. Their reads may go on, as while Redis is full or a replica, and then
 * no list of the page fails.
 */
export function NotReady() {
  const { t } = useTranslation()
  const { data } = useQuery(ReadinessDocument, {}, { pollMs: POLL_MS })
  const services = data?.system.services ?? []
  const names = SERVICES.filter((one) => services.some(({ name, ready }) => name === one && !ready))
  const isLasting = useLasting(names.join(' '))
  if (names.length === 0 || !isLasting) return null
  return (
    <div className={styles.strip}>
      <IconCloudOff size={16} aria-hidden />
      <span>
        <strong>{names.map((name) => t(`app.notReady.${name}`)).join(' ')}</strong>{' '}
        <Link to="/system">{t('app.notReady.why')}</Link>
      </span>
    </div>
  )
}

/** Whether the text has been the same for a while. */
function useLasting(text: string): boolean {
  const [lasting, setLasting] = useState<string>()
  useEffect(() => {
    const timer = setTimeout(setLasting, LASTING_MS, text)
    return () => clearTimeout(timer)
  }, [text])
  return lasting === text
}
