/** The languages that mails are written in, by their own names. */
export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
  { value: 'pt', label: 'Português' },
  { value: 'fr', label: 'Français' },
  { value: 'de', label: 'Deutsch' },
] as const

/** The language in which a tenant's mails are written by its setting, such as `pt-BR`; what nobody speaks here becomes English, as in the mail. */
export function mailLanguage(locale: string | undefined): string {
  const language = locale?.split('-')[0]?.toLowerCase()
  return LANGUAGES.find(({ value }) => value === language)?.value ?? 'en'
}
