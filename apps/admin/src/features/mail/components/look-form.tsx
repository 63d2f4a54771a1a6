import '@mantine/core/styles/Checkbox.css'
import { Checkbox, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { UpdateTenantDocument } from '../../../generated/graphql.ts'
import { useMayChange } from '../../../lib/may-change.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { LOOK_FIELDS, type Look, lookChanges } from '../look.ts'
import { Section } from './section.tsx'
import styles from './test-mail.module.css'

interface LookFormProps {
  readonly tenantId: string
  readonly saved: Look
  readonly look: Look
  readonly onChange: (look: Look) => void
  readonly onSaved: () => void
}

/** Colour, logo and link of the mails. The preview shows them before they are saved. */
export function LookForm({ tenantId, saved, look, onChange, onSaved }: LookFormProps) {
  const { t } = useTranslation('mail')
  const { act, busy } = useAct()
  const mayChange = useMayChange()
  const mail = lookChanges(saved, look)
  async function save(event: FormEvent) {
    event.preventDefault()
    const words = { done: t('look.saved'), failed: t('look.failed') }
    const done = await act(UpdateTenantDocument, { input: { id: tenantId, settings: { mail } } }, words)
    if (done !== undefined) onSaved()
  }
  return (
    <Section title={t('look.title')} hint={t('look.hint')}>
      <form className={styles.texts} onSubmit={(event) => void save(event)}>
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
        <ActButton type="submit" loading={busy} disabled={Object.keys(mail).length === 0}>
          {t('look.save')}
        </ActButton>
      </form>
    </Section>
  )
}
