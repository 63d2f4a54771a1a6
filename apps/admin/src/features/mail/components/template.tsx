import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { TenantDetailsQuery } from '../../../generated/graphql.ts'
import { mailLanguage } from '../languages.ts'
import { lookChanges, lookOf } from '../look.ts'
import { type TextValues, textsOf, withTexts } from '../own-texts.ts'
import { LookForm } from './look-form.tsx'
import { OwnTexts } from './own-texts.tsx'
import { Preview } from './preview.tsx'
import styles from './template.module.css'
import { TestMail } from './test-mail.tsx'

interface TemplateProps {
  readonly tenant: NonNullable<TenantDetailsQuery['tenant']>
  readonly onSaved: () => void
}

const AFTER_TYPING_MS = 400

/** The tenant's mail as it is typed: look and texts in every language beside its preview, and a test mail. */
export function Template({ tenant, onSaved }: TemplateProps) {
  const { id, settings } = tenant
  const [chosen, setLocale] = useState<string>()
  const locale = chosen ?? mailLanguage(settings.locale)
  const saved = lookOf(settings.mail)
  const [typedLook, setLook] = useState<typeof saved>()
  // What was typed in one language stays while another one is looked at.
  const [drafts, setDrafts] = useState<Readonly<Record<string, TextValues>>>({})
  const texts = settings.mail.texts ?? []
  const look = typedLook ?? saved

  const isDraft = Object.entries(drafts).some(
    ([language, values]) => JSON.stringify(values) !== JSON.stringify(textsOf(texts, language)),
  )
  const unsavedTexts = isDraft
    ? Object.entries(drafts).reduce<ReturnType<typeof withTexts>>(
        (all, [language, values]) => withTexts(all, language, values),
        withTexts(texts, '', textsOf([], '')),
      )
    : undefined
  const unsaved = { ...lookChanges(saved, look), ...(unsavedTexts && { texts: unsavedTexts }) }
  const [shown] = useDebouncedValue(JSON.stringify(unsaved), AFTER_TYPING_MS)
  return (
    <div className={styles.template}>
      <Preview tenantId={id} locale={locale} onLocale={setLocale} unsaved={JSON.parse(shown)} />
      <div className={styles.forms}>
        <LookForm
          tenantId={id}
          saved={saved}
          look={look}
          onChange={setLook}
          onSaved={() => {
            setLook(undefined)
            onSaved()
          }}
        />
        <OwnTexts
          tenantId={id}
          language={locale}
          values={drafts[locale] ?? textsOf(texts, locale)}
          onChange={(values) => setDrafts({ ...drafts, [locale]: values })}
          unsaved={unsavedTexts}
          others={texts.flatMap(({ language }) => (language === locale ? [] : [language]))}
          onSaved={() => {
            setDrafts({})
            onSaved()
          }}
        />
        <TestMail tenantId={id} locale={locale} />
      </div>
    </div>
  )
}
