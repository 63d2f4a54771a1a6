const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

// Creating a formatter costs far more than using it, and a full page formats every second.
const ageFormat = perLocale(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' }),
)
const dateTimeFormat = perLocale(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }),
)
const timeFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }))

const unitFormats = {
  second: perLocale(
    (locale) => new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'narrow' }),
  ),
  minute: perLocale(
    (locale) => new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'narrow' }),
  ),
  hour: perLocale(
    (locale) => new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' }),
  ),
}

/** A duration in its largest whole unit: `30s`, `2m`, `1h`. */
export function formatSeconds(locale: string, seconds: number): string {
  if (seconds < MINUTE) return unitFormats.second(locale).format(seconds)
  if (seconds < HOUR) return unitFormats.minute(locale).format(Math.floor(seconds / MINUTE))
  return unitFormats.hour(locale).format(Math.floor(seconds / HOUR))
}

/** A short duration with suitable precision: `120 ms`, `4.2 s`, `3m`. */
export function formatDuration(locale: string, ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10_000) return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(ms / 1000)} s`
  return formatSeconds(locale, Math.floor(ms / 1000))
}

/** An age in one unit: `now`, `42s ago`, `3m ago`. A future time counts as now. */
export function formatAge(locale: string, ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000))
  const format = ageFormat(locale)
  if (seconds < MINUTE) return format.format(seconds === 0 ? 0 : -seconds, 'second')
  if (seconds < HOUR) return format.format(-Math.floor(seconds / MINUTE), 'minute')
  if (seconds < DAY) return format.format(-Math.floor(seconds / HOUR), 'hour')
  return format.format(-Math.floor(seconds / DAY), 'day')
}

/** Whether so little is left that a countdown stands out. */
export const endsSoon = (leftMs: number): boolean => leftMs < MINUTE * 1000

/** A countdown: `0:07`, `9:42`, `23:59:59`. It shows 0:00 only when nothing is left. */
export function formatTimeLeft(leftMs: number): string {
  const { hours, minutes, seconds } = countdown(leftMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** The same countdown as an ISO 8601 duration, for `<time datetime>`. */
export function isoTimeLeft(leftMs: number): string {
  const { hours, minutes, seconds } = countdown(leftMs)
  return `PT${hours}H${minutes}M${seconds}S`
}

function countdown(leftMs: number) {
  const total = Math.max(0, Math.ceil(leftMs / 1000))
  return {
    hours: Math.floor(total / HOUR),
    minutes: Math.floor((total % HOUR) / MINUTE),
    seconds: total % MINUTE,
  }
}

/** Date and time to the second in the locale's format. */
export function formatDateTime(locale: string, moment: string | number): string {
  return dateTimeFormat(locale).format(new Date(moment))
}

/** Time of day to the second. */
export function formatTime(locale: string, moment: string | number): string {
  return timeFormat(locale).format(new Date(moment))
}

function perLocale<Format>(make: (locale: string) => Format): (locale: string) => Format {
  const made = new Map<string, Format>()
  return (locale) => {
    const format = made.get(locale) ?? make(locale)
    made.set(locale, format)
    return format
  }
}
