import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { AdminKeysDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import '../texts/texts.ts'
import { ApiKeys, KEYS_TITLE_ID } from './api-keys.tsx'
import styles from './tenants.module.css'

/** The API keys of admins, with what each may do. */
export default function AdminKeys() {
  const { t } = useTranslation('tenants')
  const { t: common } = useTranslation()
  const { data, error, refetch } = useQuery(AdminKeysDocument, {})
  return (
    <section className={styles.adminKeys}>
      <h2 id={KEYS_TITLE_ID}>{t('keys.ofAdmins')}</h2>
      {data !== undefined ? (
        <ApiKeys keys={data.apiKeys} onChanged={() => void refetch()} />
      ) : error === undefined ? (
        <Skeleton height={96} />
      ) : (
        <FailureAlert
          title={t('keys.notLoaded')}
          failure={toFailure(error)}
          action={{ label: common('app.retry'), run: () => void refetch() }}
        />
      )}
    </section>
  )
}
