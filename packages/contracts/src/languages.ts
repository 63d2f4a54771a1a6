/** The languages that people are written to in: mails and the hosted page. */
export const LANGUAGES = [
  'en',
  'es',
  'pt',
  'fr',
  'de',
  'it',
  'nl',
  'pl',
  'cs',
  'sv',
  'da',
  'nb',
  'fi',
  'ro',
  'hu',
  'el',
  'tr',
  'uk',
  'ru',
  'hi',
  'id',
  'vi',
  'ja',
  'ko',
  'zh-Hans',
  'zh-Hant',
  'ar',
  'he',
  'fa',
] as const
export type Language = (typeof LANGUAGES)[number]

const FROM_RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(['ar', 'he', 'fa'])

/** The direction of its script, as the `dir` attribute of HTML names it. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return FROM_RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'
}

/** Other language codes for our languages, and languages whose readers also read one of ours. */
const SAME_AS: Readonly<Record<string, Language>> = {
  no: 'nb',
  nn: 'nb',
  iw: 'he',
  in: 'id',
  prs: 'fa',
  cmn: 'zh-Hans',
  yue: 'zh-Hant',
}
const TRADITIONAL_CHINESE_IN = new Set(['TW', 'HK', 'MO'])
/** Longer texts are no locale. */
const LONGEST = 100

/**
 * Finds the language for a locale: from browsers, OIDC (`ui_locales`, best first), `Accept-Language`
 * or POSIX, such as `es-MX`, `en_US.UTF-8`, `fr-FR@euro`, `zh-Hant-TW`, `de-AT,de;q=0.9`.
 * Never fails: English when no language matches.
 */
export function languageOf(locale: string | null): Language {
  for (const one of (locale ?? '').slice(0, LONGEST).split(/[\s,;]+/)) {
    const language = oneLanguage(one)
    if (language !== undefined) return language
  }
  return 'en'
}

function oneLanguage(locale: string): Language | undefined {
  const [first = '', ...rest] = (locale.split(/[.@]/)[0] ?? '').split(/[-_]/)
  const primary = first.toLowerCase()
  if (primary === 'zh') return isTraditional(rest) ? 'zh-Hant' : 'zh-Hans'
  if (Object.hasOwn(SAME_AS, primary)) return SAME_AS[primary]
  return LANGUAGES.find((language) => language === primary)
}

/** The script decides. Without one the region does. */
function isTraditional(subtags: readonly string[]): boolean {
  const script = subtags.find((tag) => tag.length === 4)?.toLowerCase()
  if (script !== undefined) return script === 'hant'
  return subtags.some((tag) => TRADITIONAL_CHINESE_IN.has(tag.toUpperCase()))
}
