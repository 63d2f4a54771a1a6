import { Badge, Paper, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Age } from '../../../components/age.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { Page } from '../../../components/page.tsx'
import { RowFailures } from '../../../components/row-failures.tsx'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatDateTime } from '../../../lib/time.ts'
import AdminKeys from '../../tenants/components/admin-keys.tsx'
import { useSessions } from '../api/use-sessions.ts'
import '../texts/texts.ts'
import { Passkeys } from './passkeys.tsx'
import styles from './sessions-page.module.css'

/** Sessions of all admins, which can be ended here, and their passkeys. */
export default function SessionsPage() {
  const { t } = useTranslation('signIns')
  const { t: common } = useTranslation()
  const locale = useLocale()
  const { sessions, ownId, failure, ends, retry, end } = useSessions()
  return (
    <Page title={t('sessions.title')}>
      {failure !== undefined && (
        <FailureAlert
          failure={failure}
          title={t('sessions.failed')}
          action={{ label: common('app.retry'), run: retry }}
        />
      )}
      <RowFailures
        failures={ends.failures}
        nameOf={(wanted) => sessions?.find(({ id }) => id === wanted)?.email}
        titleOf={(who) => t('sessions.endFailed', { who })}
      />
      {sessions === undefined && failure === undefined && (
        <Skeleton className={styles.waiting ?? ''} radius="lg" />
      )}
      {sessions?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('sessions.none')}
        </Text>
      )}
      {sessions !== undefined && sessions.length > 0 && (
        <Paper withBorder radius="lg" component="ul" className={styles.list ?? ''}>
          {sessions.map(({ id, email, createdAt, expiresAt, idleExpiresAt }) => (
            <li key={id} className={styles.session}>
              <div className={styles.who}>
                <span className={styles.email}>{email}</span>
                {id === ownId && <Badge tt="none">{t('sessions.own')}</Badge>}
                <Text size="sm" c="dimmed" w="100%">
                  {t('sessions.since')} <Age since={createdAt} /> · {t('sessions.until')}{' '}
                  <time dateTime={expiresAt}>{formatDateTime(locale, expiresAt)}</time> · {t('sessions.idle')}{' '}
                  <time dateTime={idleExpiresAt}>{formatDateTime(locale, idleExpiresAt)}</time>
                </Text>
              </div>
              <ActButton
                variant="default"
                size="xs"
                aria-label={t('sessions.endWhose', { email })}
                loading={ends.busy.has(id)}
                onClick={() => end(id)}
              >
                {t('sessions.end')}
              </ActButton>
            </li>
          ))}
        </Paper>
      )}
      <Passkeys hasSession={ownId !== undefined} />
      <AdminKeys />
    </Page>
  )
}
