/** The mails' languages by their own names. */
export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
  { value: 'pt', label: 'Português' },
  { value: 'fr', label: 'Français' },
  { value: 'de', label: 'Deutsch' },
] as const

/**
 * The language of a tenant's mails for its locale setting, such as `pt-BR`. Unknown ones give English, as in
 * the mail.
 */
export function mailLanguage(locale: string | undefined): string {
  const language = locale?.split('-')[0]?.toLowerCase()
  return LANGUAGES.find(({ value }) => value === language)?.value ?? 'en'
}
