/** The languages of mails: those of the mailer's texts. A test compares them with its files. */
export const LANGUAGES: readonly string[] = [
  'ar',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'es',
  'fa',
  'fi',
  'fr',
  'he',
  'hi',
  'hu',
  'id',
  'it',
  'ja',
  'ko',
  'nb',
  'nl',
  'pl',
  'pt',
  'ro',
  'ru',
  'sv',
  'tr',
  'uk',
  'vi',
  'zh-Hans',
  'zh-Hant',
]

/** A language by its own name, such as `Français`. */
export function languageName(language: string): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1)
}

/**
 * The language of a tenant's mails for its locale setting, such as `pt-BR`. Unknown ones give English, as in
 * the mail.
 */
export function mailLanguage(locale: string | undefined): string {
  const tag = locale?.toLowerCase() ?? ''
  const found = LANGUAGES.find((language) => language.toLowerCase() === tag)
  if (found !== undefined) return found
  const [language, ...rest] = tag.split('-')
  if (language === 'zh') {
    return rest.some((part) => ['tw', 'hk', 'mo', 'hant'].includes(part)) ? 'zh-Hant' : 'zh-Hans'
  }
  return LANGUAGES.find((known) => known === language) ?? 'en'
}
