import { Button, TextInput } from '@mantine/core'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import type { TenantFactsFragment } from '../../../generated/graphql.ts'
import { useKeepDraft, useKeptDraft } from '../../../lib/drafts.tsx'
import { useMayChange } from '../../../lib/may-change.ts'
import { keysOf } from '../../../lib/typed-record.ts'
import { ConflictDialog } from '../../versions/components/conflict-dialog.tsx'
import { useTenantSave } from '../api/use-tenant-save.ts'
import {
  changesOf,
  FIELDS,
  type FieldName,
  faultIn,
  riskOf,
  type SectionName,
  shownValues,
  textKeyOf,
  toValues,
  type Values,
} from '../settings-form.ts'
import { RelayCheck } from './relay-check.tsx'
import { SettingField } from './setting-field.tsx'
import styles from './tenants.module.css'

interface TenantSettingsProps {
  readonly tenant: TenantFactsFragment
  readonly onSaved: () => void
}

/** What was typed, and what it was typed over. */
interface Draft {
  readonly base: TenantFactsFragment
  readonly values: Values
  readonly name: string
}

/**
 * The settings by sections. Only changes are sent, and the version that they were made from, so that two
 * admins do not overwrite each other. What is not saved is still there when one comes back from another page.
 */
export function TenantSettings({ tenant, onSaved }: TenantSettingsProps) {
  const { t } = useTranslation('tenants')
  // What is loaded again meanwhile is not taken for what the person has seen.
  const form = `settings of ${tenant.id}`
  const kept = useKeptDraft<Draft>(form)
  const [base, setBase] = useState(kept?.base ?? tenant)
  const before = toValues(base.settings)
  const [values, setValues] = useState(kept?.values ?? before)
  const [name, setName] = useState(kept?.name ?? base.name)
  const changes = changesOf(before, values)
  const isChanged = name.trim() !== base.name || Object.keys(changes).length > 0
  useKeepDraft<Draft>(form, isChanged ? { base, values, name } : undefined)
  function begin(from: TenantFactsFragment) {
    setBase(from)
    setValues(toValues(from.settings))
    setName(from.name)
  }
  if (!isChanged && tenant.settings.version > base.settings.version) begin(tenant)
  const fault = faultIn(values)
  // Only a test tenant has reserved addresses.
  const sections = keysOf(FIELDS).filter((name) => name !== 'test' || tenant.testMode)
  const mayChange = useMayChange()
  const isRisky = riskOf(values)?.isTooHigh === true

  const labelOf = (field: FieldName) => t(`field.${textKeyOf(field)}`)
  const { conflict, busy, save, keepYours, takeTheirs, close } = useTenantSave({
    base,
    changesOver: () => ({ ...(name.trim() !== base.name && { name: name.trim() }), ...changes }),
    shownOf: ({ name: theirs, settings }) => ({
      [t('name')]: theirs,
      ...shownValues(toValues(settings), settings, labelOf),
    }),
    yours: { [t('name')]: name.trim(), ...shownValues(values, base.settings, labelOf) },
    words: { done: t('saved'), failed: t('saveFailed') },
    onSaved(saved) {
      begin(saved)
      onSaved()
    },
    onTaken(current) {
      begin(current)
      onSaved()
    },
    onGone: onSaved,
  })

  return (
    <form
      className={styles.sections}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <ConflictDialog conflict={conflict} onKeep={keepYours} onTake={takeTheirs} onClose={close} />
      <section className={styles.section} aria-labelledby="section-name">
        <div>
          <h2 id="section-name">{t('section.general')}</h2>
        </div>
        <div className={styles.fields}>
          <TextInput
            label={t('name')}
            value={name}
            maxLength={100}
            required
            readOnly={!mayChange}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput label={t('id')} value={tenant.id} readOnly variant="filled" />
        </div>
      </section>
      {sections.map((section) => (
        <SettingsSection
          key={section}
          section={section}
          tenant={tenant}
          values={values}
          fault={fault}
          onChange={setValues}
        />
      ))}
      <div className={styles.save}>
        {isChanged && <span className={styles.unsaved}>{t('unsaved')}</span>}
        <Button
          variant="default"
          disabled={!isChanged}
          onClick={() => {
            setValues(before)
            setName(base.name)
          }}
        >
          {t('reset')}
        </Button>
        <ActButton type="submit" loading={busy} disabled={!isChanged || fault !== undefined || isRisky}>
          {t('save')}
        </ActButton>
      </div>
    </form>
  )
}

interface SettingsSectionProps {
  readonly section: SectionName
  readonly tenant: TenantSettingsProps['tenant']
  readonly values: Values
  /** The invalid field. */
  readonly fault: FieldName | undefined
  readonly onChange: (values: Values) => void
}

function SettingsSection({ section, tenant, values, fault, onChange }: SettingsSectionProps) {
  const { t } = useTranslation('tenants')
  const mayChange = useMayChange()
  return (
    <section className={styles.section} aria-labelledby={`section-${section}`}>
      <div>
        <h2 id={`section-${section}`}>{t(`section.${section}`)}</h2>
        <p>{t(`sectionHint.${section}`)}</p>
      </div>
      <div className={styles.fields}>
        {FIELDS[section].map(([field, kind]) => (
          <Fragment key={field}>
            <SettingField
              name={field}
              kind={kind}
              value={values[field]}
              hint={field === 'mail.smtpUrl' ? (tenant.settings.mail.smtpServer ?? undefined) : undefined}
              wrong={fault === field}
              readOnly={!mayChange}
              onChange={(value) => onChange({ ...values, [field]: value })}
            />
            {field === 'mail.smtpUrl' && <RelayCheck tenantId={tenant.id} smtpUrl={values[field].trim()} />}
          </Fragment>
        ))}
        {section === 'verification' && <Risk values={values} />}
      </div>
    </section>
  )
}

/** How likely a guess is with the typed values, as one types. */
function Risk({ values }: { values: Values }) {
  const { t } = useTranslation('tenants')
  const risk = riskOf(values)
  if (risk === undefined) return null
  return (
    <p className={styles.risk} role="status" data-wrong={risk.isTooHigh || undefined}>
      <strong>{t(risk.isTooHigh ? 'risk.tooHigh' : 'risk.digits', { count: risk.digits })}</strong>
      <code>{t(`risk.${risk.per}`, risk.arithmetic)}</code>
    </p>
  )
}
