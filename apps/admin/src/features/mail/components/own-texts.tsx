import { Button, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UpdateTenantDocument } from '../../../generated/graphql.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { languageName } from '../languages.ts'
import { type OwnText, TEXT_FIELDS, textsOf, withTexts } from '../own-texts.ts'
import { Section } from './section.tsx'
import styles from './test-mail.module.css'

interface OwnTextsProps {
  readonly tenantId: string
  readonly language: string
  readonly texts: readonly OwnText[]
  readonly onSaved: () => void
}

const LONGEST = { subject: 150, heading: 150, intro: 400, footer: 400 } as const

/** The mail's texts in the tenant's own words, in one language. Give it a key. */
export function OwnTexts({ tenantId, language, texts, onSaved }: OwnTextsProps) {
  const { t } = useTranslation('mail')
  const { act, busy } = useAct()
  const before = textsOf(texts, language)
  const [values, setValues] = useState(before)
  const isChanged = TEXT_FIELDS.some((field) => values[field].trim() !== before[field])
  const others = texts.filter((text) => text.language !== language)

  async function save(event: FormEvent) {
    event.preventDefault()
    const mail = { texts: withTexts(texts, language, values) }
    const words = { done: t('texts.saved'), failed: t('texts.failed') }
    const saved = await act(UpdateTenantDocument, { input: { id: tenantId, settings: { mail } } }, words)
    if (saved !== undefined) onSaved()
  }

  return (
    <Section title={t('texts.title')} hint={t('texts.hint', { skipInterpolation: true })}>
      <form className={styles.texts} onSubmit={(event) => void save(event)}>
        {TEXT_FIELDS.map((field) => {
          const Field = LONGEST[field] > 150 ? Textarea : TextInput
          return (
            <Field
              key={field}
              label={t(`texts.${field}`, { skipInterpolation: true })}
              value={values[field]}
              maxLength={LONGEST[field]}
              lang={language}
              dir="auto"
              onChange={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
            />
          )
        })}
        <Button type="submit" loading={busy} disabled={!isChanged}>
          {t('texts.save')}
        </Button>
      </form>
      {others.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('texts.also', { languages: others.map((text) => languageName(text.language)).join(', ') })}
        </Text>
      )}
    </Section>
  )
}
