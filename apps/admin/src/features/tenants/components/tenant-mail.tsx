import { useState } from 'react'
import type { TenantDetailsQuery } from '../../../generated/graphql.ts'
import { OwnTexts } from '../../mail/components/own-texts.tsx'
import { Preview } from '../../mail/components/preview.tsx'
import { TestMail } from '../../mail/components/test-mail.tsx'
import { mailLanguage } from '../../mail/languages.ts'
import '../../mail/texts/texts.ts'
import styles from './tenants.module.css'

interface TenantMailProps {
  readonly tenant: NonNullable<TenantDetailsQuery['tenant']>
  readonly onSaved: () => void
}

/** A preview of the tenant's mail, its own texts, and a test mail. */
export function TenantMail({ tenant, onSaved }: TenantMailProps) {
  const [chosen, setLocale] = useState<string>()
  const locale = chosen ?? mailLanguage(tenant.settings.locale)
  const texts = tenant.settings.mail.texts ?? []
  // Saved texts need a new preview and a form with the new values.
  const version = JSON.stringify(texts)
  return (
    <div className={styles.mail}>
      <Preview key={version} tenantId={tenant.id} locale={locale} onLocale={setLocale} />
      <div className={styles.stack}>
        <OwnTexts
          key={`${locale} ${version}`}
          tenantId={tenant.id}
          language={locale}
          texts={texts}
          onSaved={onSaved}
        />
        <TestMail tenantId={tenant.id} locale={locale} />
      </div>
    </div>
  )
}
