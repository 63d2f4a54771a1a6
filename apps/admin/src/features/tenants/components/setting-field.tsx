import { PasswordInput, Textarea, TextInput } from '@mantine/core'
import type { ChangeEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { type FieldName, textKeyOf } from '../settings-form.ts'
import styles from './tenants.module.css'

interface SettingFieldProps {
  readonly name: FieldName
  readonly kind: string
  readonly value: string
  readonly hint: string | undefined
  readonly wrong: boolean
  readonly readOnly: boolean
  readonly onChange: (value: string) => void
}

/** The control of one setting, by its kind. */
export function SettingField({ name, kind, value, hint, wrong, readOnly, onChange }: SettingFieldProps) {
  const { t } = useTranslation('tenants')
  const label = t(`field.${textKeyOf(name)}`)
  if (kind === 'mode') {
    return (
      <Select label={label} value={value} disabled={readOnly} onChange={onChange} inForm>
        <option value="NUMBER">{t('mode.NUMBER')}</option>
        <option value="BOUND">{t('mode.BOUND')}</option>
      </Select>
    )
  }
  const shared = {
    label,
    value,
    readOnly,
    error: wrong && t(`wrong.${wrongOf(kind)}`),
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange(event.currentTarget.value),
  }
  if (kind === 'lines' || kind === 'headers') {
    // Each field of these kinds has a hint, which its type does not say.
    const description = t(`fieldHint.${textKeyOf(name) as 'returnUrls'}`)
    return (
      <Textarea
        {...shared}
        description={description}
        autosize
        minRows={2}
        maxRows={8}
        className={styles.wide}
      />
    )
  }
  const Input = kind === 'secret' ? PasswordInput : TextInput
  return <Input {...shared} placeholder={hint} inputMode={kind === 'number' ? 'numeric' : 'text'} />
}

/** Which sentence says what the field must be. */
function wrongOf(kind: string): 'number' | 'risk' | 'rate' | 'headers' {
  return kind === 'number' || kind === 'risk' || kind === 'headers' ? kind : 'rate'
}
