import { createInstance } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { en as eventsEn } from '../../features/events/texts/en.ts'
import { type StoredText, storedText } from '../browser-storage.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { pickLanguage, regionalLocale } from './languages.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en; events: typeof eventsEn }
  }
}

const remembered: StoredText = storedText(() => localStorage, 'emailauth.language')

/** The texts, in the language that was chosen or that the browser asks for; the page's `lang` follows. */
export const i18n = createInstance()

i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language
})

void i18n.use(initReactI18next).init({
  resources: { en: { translation: en }, es: { translation: es } },
  lng: pickLanguage(remembered.read(), navigator.languages),
  fallbackLng: 'en',
  // React escapes.
  interpolation: { escapeValue: false },
})

/** Changes the language and remembers it. */
export function chooseLanguage(language: string): void {
  remembered.write(language)
  void i18n.changeLanguage(language)
}

/** The locale for dates and figures. */
export function useLocale(): string {
  const { i18n: current } = useTranslation()
  return regionalLocale(current.language, navigator.languages)
}
