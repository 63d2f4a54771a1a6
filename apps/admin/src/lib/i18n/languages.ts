/** The languages of the dashboard, each by its own name. */
export const LANGUAGES = { en: 'English', es: 'Español' } as const
export type Language = keyof typeof LANGUAGES

function isLanguage(text: string | undefined): text is Language {
  return text !== undefined && Object.hasOwn(LANGUAGES, text)
}

/** The tags that can be read, of whatever a browser says: some bring spellings of POSIX, or nothing at all. */
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

/** The language somebody chose, else the first that their browser asks for and the dashboard has, else English. */
export function pickLanguage(chosen: string | undefined, wanted: unknown): Language {
  if (isLanguage(chosen)) return chosen
  const languages = readableTags(wanted).map((tag) => tag.split('-')[0]?.toLowerCase())
  return languages.find(isLanguage) ?? 'en'
}

/** The locale for dates and figures: the browser's own form of the language (`es-MX`, `en-GB`) where it names one. */
export function regionalLocale(language: string, wanted: unknown): string {
  return readableTags(wanted).find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language
}
