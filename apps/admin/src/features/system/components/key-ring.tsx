import { useTranslation } from 'react-i18next'
import { StateBadge } from '../../../components/state-badge.tsx'
import type { SystemStatusQuery } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatDateTime } from '../../../lib/time.ts'
import styles from './system-page.module.css'

type Key = NonNullable<SystemStatusQuery['system']['keyRing']>[number]

const CIPHERS: Readonly<Record<string, string>> = {
  'xaes-256-gcm': 'XAES-256-GCM',
  'xchacha20-poly1305': 'XChaCha20-Poly1305',
}

/** The secret keys, each with the moment from which it can be taken out. */
export function KeyRing({ keys }: { keys: readonly Key[] }) {
  const { t } = useTranslation('system')
  const locale = useLocale()
  return (
    <ul className={styles.findings}>
      {keys.map(({ id, cipher, newest, neededUntil }) => (
        <li key={id} className={styles.finding}>
          <code>{id}</code>
          <span className={styles.fix}>{CIPHERS[cipher] ?? cipher}</span>
          {newest || neededUntil === null ? (
            <StateBadge tone="good">{t('keys.newest')}</StateBadge>
          ) : Date.parse(neededUntil) <= clock.now() ? (
            <StateBadge tone="plain">{t('keys.free')}</StateBadge>
          ) : (
            <span className={styles.fix}>
              {t('keys.until', { time: formatDateTime(locale, neededUntil) })}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
