import { formatSeconds } from '../../lib/time.ts'
import { changeOf } from './statistics.ts'

/** From this change on, in percent, the factor says more: "+120,692 %" tells nobody anything. */
const AS_FACTOR_FROM = 900

/** How the tiles write numbers in a language. */
export function tileFormats(locale: string) {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const signedPercent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  })
  return {
    number: (value: number) => number.format(value),
    signed: (value: number) => signed.format(value),
    /** `value` is in hundredths. */
    percent: (value: number) => percent.format(value / 100),
    seconds: (value: number) => formatSeconds(locale, rounded(value)),
    /** By how much a value changed, in percent or as a factor. Empty if either is not known. */
    change(value: number | undefined, before: number | undefined): string {
      const change = changeOf({ sum: value ?? 0, before: before ?? 0 })
      if (value === undefined || change === undefined) return ''
      return change < AS_FACTOR_FROM
        ? signedPercent.format(change / 100)
        : `×${number.format(Math.round(change / 100 + 1))}`
    },
  }
}

/** Whole seconds, and tenths below ten seconds. */
function rounded(seconds: number): number {
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)
}
