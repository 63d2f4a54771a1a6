import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { keysOf } from '../../../lib/typed-record.ts'
import type { Scheme } from '../in-scheme.ts'
import { LANGUAGES, languageName } from '../languages.ts'
import styles from './preview.module.css'

/** How the recipient's mail program shows the mail. */
export interface PreviewView {
  readonly scheme: Scheme
  readonly width: 'wide' | 'phone'
  readonly part: 'html' | 'text'
}

interface PreviewChoicesProps {
  readonly locale: string
  readonly onLocale: (locale: string) => void
  readonly view: PreviewView
  readonly onView: (view: PreviewView) => void
}

/** The language of the mail, and how it is shown. */
export function PreviewChoices({ locale, onLocale, view, onView }: PreviewChoicesProps) {
  const { t } = useTranslation('mail')
  return (
    <div className={styles.choices}>
      <Select label={t('preview.language')} value={locale} onChange={onLocale}>
        {LANGUAGES.map((value) => (
          <option key={value} value={value}>
            {languageName(value)}
          </option>
        ))}
      </Select>
      <Choice
        label={t('preview.colours')}
        value={view.scheme}
        options={{ light: t('preview.scheme.light'), dark: t('preview.scheme.dark') }}
        onChange={(scheme) => onView({ ...view, scheme })}
      />
      <Choice
        label={t('preview.width')}
        value={view.width}
        options={{ wide: t('preview.widths.wide'), phone: t('preview.widths.phone') }}
        onChange={(width) => onView({ ...view, width })}
      />
      <Choice
        label={t('preview.part')}
        value={view.part}
        options={{ html: t('preview.parts.html'), text: t('preview.parts.text') }}
        onChange={(part) => onView({ ...view, part })}
      />
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  /** The label of each value. */
  readonly options: Readonly<Record<Value, string>>
  readonly onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const values = keysOf(options)
  function change(text: string) {
    const chosen = values.find((each) => each === text)
    if (chosen !== undefined) onChange(chosen)
  }
  return (
    <Select label={label} value={value} onChange={change}>
      {values.map((each) => (
        <option key={each} value={each}>
          {options[each]}
        </option>
      ))}
    </Select>
  )
}
