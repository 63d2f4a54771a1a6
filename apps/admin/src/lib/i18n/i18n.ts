import { createInstance } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { en as eventsEn } from '../../features/events/texts/en.ts'
import type { en as identitiesEn } from '../../features/identities/texts/en.ts'
import type { en as mailEn } from '../../features/mail/texts/en.ts'
import type { en as messagesEn } from '../../features/messages/texts/en.ts'
import type { en as overviewEn } from '../../features/overview/texts/en.ts'
import type { en as signInsEn } from '../../features/session/texts/en.ts'
import type { en as systemEn } from '../../features/system/texts/en.ts'
import type { en as tenantsEn } from '../../features/tenants/texts/en.ts'
import type { en as versionsEn } from '../../features/versions/texts/en.ts'
import type { en as webhooksEn } from '../../features/webhooks/texts/en.ts'
import { type StoredText, storedText } from '../browser-storage.ts'
import { en } from './en.ts'
import { INTERPOLATION } from './isolate.ts'
import { pickLanguage, regionalLocale } from './languages.ts'
import type { English } from './translation.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: {
      translation: English
      identities: typeof identitiesEn
      events: typeof eventsEn
      mail: typeof mailEn
      overview: typeof overviewEn
      messages: typeof messagesEn
      tenants: typeof tenantsEn
      system: typeof systemEn
      signIns: typeof signInsEn
      webhooks: typeof webhooksEn
      versions: typeof versionsEn
    }
  }
}

const remembered: StoredText = storedText(() => localStorage, 'emailauth.language')

/** The texts. The page's `lang` follows their language. */
export const i18n = createInstance()

i18n.on('languageChanged', (language) => {
  document.documentElement.lang = language
})

void i18n.use(initReactI18next).init({
  resources: { en: { translation: en } },
  lng: 'en',
  fallbackLng: 'en',
  interpolation: INTERPOLATION,
})

// Numbers in texts have the format of the reader's region, like those beside them.
i18n.services.formatter?.add('number', (value: unknown, language) =>
  Number(value).toLocaleString(regionalLocale(language ?? 'en', navigator.languages)),
)

/** Changes the language and loads its texts. English is always loaded. */
async function loadLanguage(language: string): Promise<void> {
  if (language === 'es' && !i18n.hasResourceBundle('es', 'translation')) {
    const { es } = await import('./es.ts')
    i18n.addResourceBundle('es', 'translation', es)
  }
  await i18n.changeLanguage(language)
}

/** Sets the chosen language, or the browser's. Call it before the first render. */
export async function startLanguage(): Promise<void> {
  // If its texts do not load, English is better than no page.
  await loadLanguage(pickLanguage(remembered.read(), navigator.languages)).catch(() => {})
}

/** Changes the language and remembers it. */
export function chooseLanguage(language: string): void {
  remembered.write(language)
  loadLanguage(language).catch(() => {})
}

/** The locale for dates and numbers. */
export function useLocale(): string {
  const { i18n: current } = useTranslation()
  return regionalLocale(current.language, navigator.languages)
}
