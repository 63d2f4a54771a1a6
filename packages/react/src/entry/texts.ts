import { waitingTime } from '@emailauth/contracts/waiting-time'
import { en } from '../texts/languages/en.ts'
import { es } from '../texts/languages/es.ts'
import type { NumberFieldTexts } from '../texts/number-field-texts.ts'

/**
 * The texts of a locale (`es`, `es-MX`; others: English), with some of one's own. Only these two are in every
 * bundle; `@emailauth/react/texts` has the other languages.
 */
export function textsFor(locale = 'en', own: Partial<NumberFieldTexts> = {}): NumberFieldTexts {
  return { ...(/^es\b/i.test(locale) ? es : en), ...own }
}

/** Puts a waiting time into a text. */
export function withTime(text: string, seconds: number): string {
  return text.replaceAll('{time}', waitingTime(seconds))
}
