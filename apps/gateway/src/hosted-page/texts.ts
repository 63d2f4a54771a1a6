import type { IncomingHttpHeaders } from 'node:http'
import { type Language, languageOf } from '@emailauth/contracts/languages'
import { mailLocales } from '@emailauth/contracts/mail-locales'
import Negotiator from 'negotiator'
import { firstRanges } from '../http/first-ranges.ts'
import type { PageTexts } from './page-texts.ts'
import { ar } from './texts/ar.ts'
import { cs } from './texts/cs.ts'
import { da } from './texts/da.ts'
import { de } from './texts/de.ts'
import { el } from './texts/el.ts'
import { en } from './texts/en.ts'
import { es } from './texts/es.ts'
import { fa } from './texts/fa.ts'
import { fi } from './texts/fi.ts'
import { fr } from './texts/fr.ts'
import { he } from './texts/he.ts'
import { hi } from './texts/hi.ts'
import { hu } from './texts/hu.ts'
import { id } from './texts/id.ts'
import { it } from './texts/it.ts'
import { ja } from './texts/ja.ts'
import { ko } from './texts/ko.ts'
import { nb } from './texts/nb.ts'
import { nl } from './texts/nl.ts'
import { pl } from './texts/pl.ts'
import { pt } from './texts/pt.ts'
import { ro } from './texts/ro.ts'
import { ru } from './texts/ru.ts'
import { sv } from './texts/sv.ts'
import { tr } from './texts/tr.ts'
import { uk } from './texts/uk.ts'
import { vi } from './texts/vi.ts'
import { zhHans } from './texts/zh-Hans.ts'
import { zhHant } from './texts/zh-Hant.ts'

/** In each language that mails have, so that a person reads the page in the language of the mail. */
const TEXTS: Readonly<Record<Language, PageTexts>> = {
  en,
  es,
  pt,
  fr,
  de,
  it,
  nl,
  pl,
  cs,
  sv,
  da,
  nb,
  fi,
  ro,
  hu,
  el,
  tr,
  uk,
  ru,
  hi,
  id,
  vi,
  ja,
  ko,
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
  ar,
  he,
  fa,
}

/** The language that the browser prefers, else the tenant's, else English. */
export function pageLanguage(headers: IncomingHttpHeaders, ofTenant = ''): Language {
  const accepted = headers['accept-language']
  const ranges = accepted === undefined ? {} : { 'accept-language': firstRanges(accepted).join(',') }
  const asked = new Negotiator({ headers: ranges }).languages()
  return languageOf(mailLocales(asked.join(','), ofTenant))
}

export const textsIn = (language: Language): PageTexts => TEXTS[language]

/**
 * Fills the placeholders of a text. Each value is isolated (U+2068, U+2069), so that it keeps its own
 * direction within a text of the other one.
 */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    // An address has its domain on the right, whatever the script of its first letter.
    return value === undefined ? whole : `${name === 'email' ? '\u2066' : '\u2068'}${value}\u2069`
  })
}
