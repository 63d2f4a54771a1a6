import { LANGUAGES, type Language } from './texts.ts'

/** Other names of a language that is written in one of ours, and what the people who read it read too. */
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
/** Longer ones name no language. */
const LONGEST = 100

/**
 * The language of a locale as browsers, OIDC (`ui_locales`, several, the best one first), `Accept-Language` and POSIX write it: `es-MX`,
 * `en_US.UTF-8`, `fr-FR@euro`, `zh-Hant-TW`, `de-AT,de;q=0.9`. Never fails: where none of them is ours, English.
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

/** The script says it; where it is not named, the region. */
function isTraditional(subtags: readonly string[]): boolean {
  const script = subtags.find((tag) => tag.length === 4)?.toLowerCase()
  if (script !== undefined) return script === 'hant'
  return subtags.some((tag) => TRADITIONAL_CHINESE_IN.has(tag.toUpperCase()))
}
