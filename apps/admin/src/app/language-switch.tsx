import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '../lib/i18n/i18n.ts'
import { LANGUAGES } from '../lib/i18n/languages.ts'
import styles from './language-switch.module.css'

export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <select
      className={styles.language}
      aria-label={t('app.language')}
      value={i18n.language}
      onChange={(event) => chooseLanguage(event.currentTarget.value)}
    >
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <option key={language} value={language} lang={language}>
          {name}
        </option>
      ))}
    </select>
  )
}
