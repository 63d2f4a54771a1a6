import '@mantine/core/styles/Checkbox.css'
import { Checkbox, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TenantFactsFragment } from '../../../generated/graphql.ts'
import { useMayChange } from '../../../lib/may-change.ts'
import { useTenantSave } from '../../tenants/api/use-tenant-save.ts'
import { ConflictDialog } from '../../versions/components/conflict-dialog.tsx'
import { LOOK_FIELDS, type Look, lookChanges, lookOf } from '../look.ts'
import { SaveRow } from './save-row.tsx'
import { Section } from './section.tsx'
import styles from './test-mail.module.css'

interface LookFormProps {
  readonly base: TenantFactsFragment
  readonly look: Look
  readonly onChange: (look: Look) => void
  /** Saved, or taken as somebody else has saved it. */
  readonly onSaved: (tenant: TenantFactsFragment) => void
  readonly onGone: () => void
}

/** Colour, logo and link of the mails. The preview shows them before they are saved. */
export function LookForm({ base, look, onChange, onSaved, onGone }: LookFormProps) {
  const { t } = useTranslation('mail')
  const mayChange = useMayChange()
  const mail = lookChanges(lookOf(base.settings.mail), look)
  const shown = ({ codeInSubject, ...texts }: Look) => ({
    ...Object.fromEntries(LOOK_FIELDS.map((field) => [t(`look.${field}`), texts[field].trim()])),
    [t('look.codeInSubject')]: codeInSubject ? '✓' : '–',
  })
  const { conflict, busy, save, keepYours, takeTheirs, close } = useTenantSave({
    base,
    changesOver: () => ({ settings: { mail } }),
    shownOf: ({ settings }) => shown(lookOf(settings.mail)),
    yours: shown(look),
    words: { done: t('look.saved'), failed: t('look.failed') },
    onSaved,
    onTaken: onSaved,
    onGone,
  })
  return (
    <Section title={t('look.title')} hint={t('look.hint')}>
      <ConflictDialog conflict={conflict} onKeep={keepYours} onTake={takeTheirs} onClose={close} />
      <form
        className={styles.texts}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {LOOK_FIELDS.map((field) => (
          <TextInput
            key={field}
            label={t(`look.${field}`)}
            placeholder={t(`look.sample.${field}`, { skipInterpolation: true })}
            value={look[field]}
            maxLength={1000}
            readOnly={!mayChange}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...look, [field]: event.currentTarget.value })}
          />
        ))}
        <Checkbox
          label={t('look.codeInSubject')}
          description={t('look.codeInSubjectHint')}
          checked={look.codeInSubject}
          disabled={!mayChange}
          onChange={(event) => onChange({ ...look, codeInSubject: event.currentTarget.checked })}
        />
        <SaveRow
          isChanged={Object.keys(mail).length > 0}
          busy={busy}
          onReset={() => onChange(lookOf(base.settings.mail))}
        >
          {t('look.save')}
        </SaveRow>
      </form>
    </Section>
  )
}
