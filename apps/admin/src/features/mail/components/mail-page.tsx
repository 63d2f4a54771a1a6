import { useQuery } from '@apollo/client/react'
import { NativeSelect, Stack, Text, Title } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../texts/texts.ts'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import { usePageTitle } from '../../../components/use-page-title.ts'
import { MailTenantsDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useMailView } from '../view.ts'
import styles from './mail-page.module.css'
import { Messages } from './messages.tsx'
import { Preview } from './preview.tsx'
import { SuppressedAddresses } from './suppressed-addresses.tsx'
import { TestMail } from './test-mail.tsx'

/** How a tenant's mails look, and what becomes of them. */
export default function MailPage() {
  const { t } = useTranslation('mail')
  usePageTitle(t('title'))
  const { view, chooseTenant, chooseState } = useMailView()
  const { data, error } = useQuery(MailTenantsDocument)
  const [locale, setLocale] = useState<string>('en')
  const tenants = data?.tenants ?? []
  const first = tenants.find(({ id }) => id !== 'admin') ?? tenants[0]
  const tenantId = view.tenantId ?? first?.id
  const isKnown = tenants.some(({ id }) => id === tenantId)
  return (
    <Stack gap="md">
      <div className={styles.head}>
        <div>
          <Title order={1} size="h2">
            {t('title')}
          </Title>
          <Text c="dimmed">{t('intro')}</Text>
        </div>
        <NativeSelect
          label={t('tenant')}
          value={tenantId ?? ''}
          data={tenants.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => chooseTenant(event.currentTarget.value)}
        />
      </div>
      {error && <FailureAlert title={t('tenantsFailed')} failure={toFailure(error)} />}
      {data && !isKnown && (
        <MessageState icon={<IconMailOff />} title={t('noTenant.title')} hint={t('noTenant.hint')} />
      )}
      {tenantId !== undefined && isKnown && (
        <div className={styles.parts} key={tenantId}>
          <div className={styles.column}>
            <Messages tenantId={tenantId} state={view.state} onState={chooseState} />
            <SuppressedAddresses tenantId={tenantId} />
          </div>
          <div className={styles.column}>
            <Preview tenantId={tenantId} locale={locale} onLocale={setLocale} />
            <TestMail tenantId={tenantId} locale={locale} />
          </div>
        </div>
      )}
    </Stack>
  )
}
