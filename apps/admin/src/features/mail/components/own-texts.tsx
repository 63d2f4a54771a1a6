import { Text, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TenantFactsFragment, TenantMailTextInput } from '../../../generated/graphql.ts'
import { useMayChange } from '../../../lib/may-change.ts'
import { useTenantSave } from '../../tenants/api/use-tenant-save.ts'
import { ConflictDialog } from '../../versions/components/conflict-dialog.tsx'
import { languageName } from '../languages.ts'
import {
  type Drafts,
  LONGEST,
  type OwnText,
  rebased,
  TEXT_FIELDS,
  textsOf,
  withDrafts,
} from '../own-texts.ts'
import { SaveRow } from './save-row.tsx'
import { Section } from './section.tsx'
import styles from './test-mail.module.css'

interface OwnTextsProps {
  readonly base: TenantFactsFragment
  readonly language: string
  /** What is typed, by language. */
  readonly drafts: Drafts
  readonly isChanged: boolean
  readonly onChange: (drafts: Drafts) => void
  /** Saved, or taken as somebody else has saved it. */
  readonly onSaved: (tenant: TenantFactsFragment) => void
  readonly onGone: () => void
}

/** The mail's texts in the tenant's own words, in one language. Those of all languages are saved together. */
export function OwnTexts(props: OwnTextsProps) {
  const { base, language, drafts, isChanged, onChange, onSaved, onGone } = props
  const { t } = useTranslation('mail')
  const mayChange = useMayChange()
  const saved = textsIn(base)
  const values = drafts[language] ?? textsOf(saved, language)
  const others = saved.flatMap((text) => (text.language === language ? [] : [text.language]))
  const shown = (texts: readonly (OwnText | TenantMailTextInput)[]) =>
    Object.fromEntries(
      texts.flatMap((text) =>
        TEXT_FIELDS.map((field) => [
          `${languageName(text.language)}: ${t(`texts.${field}`, { skipInterpolation: true })}`,
          text[field] ?? '',
        ]),
      ),
    )
  const { conflict, busy, save, keepYours, takeTheirs, close } = useTenantSave({
    base,
    changesOver(tenant) {
      const now = textsIn(tenant)
      return { settings: { mail: { texts: withDrafts(now, rebased(drafts, saved, now)) } } }
    },
    shownOf: (tenant) => shown(textsIn(tenant)),
    yours: shown(withDrafts(saved, drafts)),
    words: { done: t('texts.saved'), failed: t('texts.failed') },
    onSaved,
    onTaken: onSaved,
    onGone,
  })

  return (
    <Section title={t('texts.title')} hint={t('texts.hint', { skipInterpolation: true })}>
      <ConflictDialog conflict={conflict} onKeep={keepYours} onTake={takeTheirs} onClose={close} />
      <form
        className={styles.texts}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
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
              onChange={(event) =>
                onChange({ ...drafts, [language]: { ...values, [field]: event.currentTarget.value } })
              }
            />
          )
        })}
        <SaveRow isChanged={isChanged} busy={busy} onReset={() => onChange({})}>
          {t('texts.save')}
        </SaveRow>
      </form>
      {others.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('texts.also', { languages: others.map(languageName).join(', ') })}
        </Text>
      )}
    </Section>
  )
}

const textsIn = ({ settings }: TenantFactsFragment) => settings.mail.texts ?? []
