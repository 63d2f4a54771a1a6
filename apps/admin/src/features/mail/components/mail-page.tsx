import { useQuery } from '@apollo/client/react'
import { NativeSelect, Skeleton } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../texts/texts.ts'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import { Page } from '../../../components/page.tsx'
import { MailTenantsDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { mailLanguage } from '../languages.ts'
import { useMailView } from '../view.ts'
import styles from './mail-page.module.css'
import { Messages } from './messages.tsx'
import { Preview } from './preview.tsx'
import { SuppressedAddresses } from './suppressed-addresses.tsx'
import { TestMail } from './test-mail.tsx'

/** How a tenant's mails look, and what becomes of them. */
export default function MailPage() {
  const { t } = useTranslation('mail')
  const { t: common } = useTranslation()
  const { view, chooseTenant, chooseState } = useMailView()
  const { data, error, refetch } = useQuery(MailTenantsDocument)
  const [chosen, setLocale] = useState<string>()
  const tenants = data?.tenants ?? []
  const first = tenants.find(({ id }) => id !== 'admin') ?? tenants[0]
  const tenantId = view.tenantId ?? first?.id
  const tenant = tenants.find(({ id }) => id === tenantId)
  const locale = chosen ?? mailLanguage(tenant?.settings.locale)
  const choices = tenants.map(({ id, name }) => ({ value: id, label: name }))
  if (data && !tenant) choices.unshift({ value: '', label: '–' })
  return (
    <Page
      title={t('title')}
      actions={
        <NativeSelect
          label={t('tenant')}
          value={tenant?.id ?? ''}
          data={choices}
          disabled={!data}
          onChange={(event) => chooseTenant(event.currentTarget.value)}
        />
      }
    >
      {error && (
        <FailureAlert
          title={t('tenantsFailed')}
          failure={toFailure(error)}
          action={{ label: common('app.retry'), run: () => void refetch().catch(() => {}) }}
        />
      )}
      {!data && !error && <Skeleton height={320} />}
      {data && !tenant && (
        <MessageState icon={<IconMailOff />} title={t('noTenant.title')} hint={t('noTenant.hint')} />
      )}
      {tenant && (
        <div className={styles.parts} key={tenant.id}>
          <div className={styles.column}>
            <Messages tenantId={tenant.id} state={view.state} onState={chooseState} />
            <SuppressedAddresses tenantId={tenant.id} />
          </div>
          <div className={styles.column}>
            <Preview tenantId={tenant.id} locale={locale} onLocale={setLocale} />
            <TestMail tenantId={tenant.id} locale={locale} />
          </div>
        </div>
      )}
    </Page>
  )
}
