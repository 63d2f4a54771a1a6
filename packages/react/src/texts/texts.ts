/**
 * The field's texts in the 29 languages that the mails have. An application of one language imports that one
 * alone; `textsIn` has all of them.
 */
import { type Language, languageOf } from '@emailauth/contracts/languages'
import { ar } from './languages/ar.ts'
import { cs } from './languages/cs.ts'
import { da } from './languages/da.ts'
import { de } from './languages/de.ts'
import { el } from './languages/el.ts'
import { en } from './languages/en.ts'
import { es } from './languages/es.ts'
import { fa } from './languages/fa.ts'
import { fi } from './languages/fi.ts'
import { fr } from './languages/fr.ts'
import { he } from './languages/he.ts'
import { hi } from './languages/hi.ts'
import { hu } from './languages/hu.ts'
import { id } from './languages/id.ts'
import { it } from './languages/it.ts'
import { ja } from './languages/ja.ts'
import { ko } from './languages/ko.ts'
import { nb } from './languages/nb.ts'
import { nl } from './languages/nl.ts'
import { pl } from './languages/pl.ts'
import { pt } from './languages/pt.ts'
import { ro } from './languages/ro.ts'
import { ru } from './languages/ru.ts'
import { sv } from './languages/sv.ts'
import { tr } from './languages/tr.ts'
import { uk } from './languages/uk.ts'
import { vi } from './languages/vi.ts'
import { zhHans } from './languages/zh-Hans.ts'
import { zhHant } from './languages/zh-Hant.ts'
import type { NumberFieldTexts } from './number-field-texts.ts'

export type { NumberFieldTexts } from './number-field-texts.ts'
export {
  ar,
  cs,
  da,
  de,
  el,
  en,
  es,
  fa,
  fi,
  fr,
  he,
  hi,
  hu,
  id,
  it,
  ja,
  ko,
  nb,
  nl,
  pl,
  pt,
  ro,
  ru,
  sv,
  tr,
  uk,
  vi,
  zhHans,
  zhHant,
}

const TEXTS: Readonly<Record<Language, NumberFieldTexts>> = {
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

/**
 * The texts in the language of a locale: of a browser (`pt-BR`), of a system (`en_US.UTF-8`), or several, the
 * best first (`de-AT,de;q=0.9`). English where none matches.
 */
export function textsIn(locale: string | null | undefined): NumberFieldTexts {
  return TEXTS[languageOf(locale ?? null)]
}
