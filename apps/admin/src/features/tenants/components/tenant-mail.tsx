import { useState } from 'react'
import type { TenantDetailsQuery } from '../../../generated/graphql.ts'
import { Preview } from '../../mail/components/preview.tsx'
import { TestMail } from '../../mail/components/test-mail.tsx'
import { mailLanguage } from '../../mail/languages.ts'
import '../../mail/texts/texts.ts'
import styles from './tenants.module.css'

/** A preview of the tenant's mail, and a test mail. */
export function TenantMail({ tenant }: { tenant: NonNullable<TenantDetailsQuery['tenant']> }) {
  const [chosen, setLocale] = useState<string>()
  const locale = chosen ?? mailLanguage(tenant.settings.locale)
  return (
    <div className={styles.mail}>
      <Preview tenantId={tenant.id} locale={locale} onLocale={setLocale} />
      <TestMail tenantId={tenant.id} locale={locale} />
    </div>
  )
}
