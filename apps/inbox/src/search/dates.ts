import { QueryError } from './query-error.ts'

const WRITTEN =
  /^(\d{4})(?:-(\d+)(?:-(\d+))?)?(?:[T ](\d+):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$/i
const UNIX = /^\d{10}(\d{3})?$/

/**
 * The time that a `before:` or `after:` names, in ms: `2026-11-27`, `2026-11-27T10:30`, with an offset or in
 * the given IANA time zone, or UNIX seconds or ms.
 */
export function parseDate(written: string, timeZone: string): number {
  if (UNIX.test(written)) return Number(written.padEnd(13, '0'))
  const [, year = '', month = '1', day = '1', hour = '0', minute = '0', second = '0', offset] =
    WRITTEN.exec(written.trim()) ?? []
  const wall = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second)
  // Date.UTC moves the 31st of February into March, and 25:00 into the next day.
  const read = Number.isNaN(wall) ? '' : new Date(wall).toISOString()
  const two = (digits: string) => digits.padStart(2, '0')
  if (read.slice(0, 19) !== `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`)
    throw new QueryError(`"${written}" is no date: write 2026-11-27 or 2026-11-27T10:30`)
  if (offset !== undefined) return wall - offsetMs(offset)
  // The zone's offset is that of the moment found, so it is looked up twice around a change of the clock.
  const near = wall - zoneOffsetMs(wall, timeZone)
  return wall - zoneOffsetMs(near, timeZone)
}

/** The time zone that a request names, this machine's without one. */
export function timeZoneOf(name: string): string {
  if (name === '') return Intl.DateTimeFormat().resolvedOptions().timeZone
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    throw new QueryError(`"${name}" is no time zone: write a name such as Europe/Berlin`)
  }
}

function offsetMs(offset: string): number {
  if (/z/i.test(offset)) return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000
}

function zoneOffsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value.slice(3) ?? ''
  return name === '' ? 0 : offsetMs(name)
}
