/** The dashboard's languages by their own names. */
export const LANGUAGES = { en: 'English', es: 'Español' } as const
export type Language = keyof typeof LANGUAGES

function isLanguage(text: string | undefined): text is Language {
  return text !== undefined && Object.hasOwn(LANGUAGES, text)
}

/** The valid tags among a browser's languages. Some browsers list POSIX forms or nothing. */
export function readableTags(wanted: unknown): readonly string[] {
  if (!Array.isArray(wanted)) return []
  return wanted.flatMap((tag) => {
    try {
      return typeof tag === 'string'
        ? Intl.getCanonicalLocales(tag.split(/[@.]/)[0]?.replaceAll('_', '-'))
        : []
    } catch {
      return []
    }
  })
}

/** The chosen language, else the first of the browser's languages that the dashboard has, else English. */
export function pickLanguage(chosen: string | undefined, wanted: unknown): Language {
  if (isLanguage(chosen)) return chosen
  const languages = readableTags(wanted).map((tag) => tag.split('-')[0]?.toLowerCase())
  return languages.find(isLanguage) ?? 'en'
}

/**
 * The locale for dates and numbers: the browser's regional form of the language (`es-MX`, `en-GB`), if it has
 * one.
 */
export function regionalLocale(language: string, wanted: unknown): string {
  return readableTags(wanted).find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language
}
