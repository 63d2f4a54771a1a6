import { Text, Textarea, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { type TenantMailTextInput, UpdateTenantDocument } from '../../../generated/graphql.ts'
import { useMayChange } from '../../../lib/may-change.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { languageName } from '../languages.ts'
import { LONGEST, TEXT_FIELDS, type TextValues } from '../own-texts.ts'
import { Section } from './section.tsx'
import styles from './test-mail.module.css'

interface OwnTextsProps {
  readonly tenantId: string
  readonly language: string
  readonly values: TextValues
  readonly onChange: (values: TextValues) => void
  /** All texts as they are typed, of all languages. undefined: nothing was changed. */
  readonly unsaved: TenantMailTextInput[] | undefined
  /** Other languages with texts of their own. */
  readonly others: readonly string[]
  readonly onSaved: () => void
}

/** The mail's texts in the tenant's own words, in one language. Those of all languages are saved together. */
export function OwnTexts({ tenantId, language, values, onChange, unsaved, others, onSaved }: OwnTextsProps) {
  const { t } = useTranslation('mail')
  const { act, busy } = useAct()
  const mayChange = useMayChange()

  async function save(event: FormEvent) {
    event.preventDefault()
    if (unsaved === undefined) return
    const words = { done: t('texts.saved'), failed: t('texts.failed') }
    const input = { id: tenantId, settings: { mail: { texts: unsaved } } }
    if ((await act(UpdateTenantDocument, { input }, words)) !== undefined) onSaved()
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
              readOnly={!mayChange}
              lang={language}
              dir="auto"
              onChange={(event) => onChange({ ...values, [field]: event.currentTarget.value })}
            />
          )
        })}
        <ActButton type="submit" loading={busy} disabled={unsaved === undefined}>
          {t('texts.save')}
        </ActButton>
      </form>
      {others.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('texts.also', { languages: others.map(languageName).join(', ') })}
        </Text>
      )}
    </Section>
  )
}
