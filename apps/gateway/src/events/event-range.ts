import type { TimeRange } from '@emailauth/contracts/common'

/** A range of time in the order of events. */
export interface EventRange {
  /** Only events that sort before this cursor. */
  readonly before: string | undefined
  /** False for a cursor that sorts before the range. */
  reaches(cursor: string): boolean
}

/**
 * Cursors begin with their moment and sort as text, so a moment gives a cursor; this one sorts before its
 * events.
 */
const cursorAt = (moment: string) =>
  `${Math.max(0, Date.parse(moment)).toString(16).padStart(12, '0')}-00000000-*`

/** @param after where the page begins, if that is earlier than the end of the range. */
export function eventRange({ from, to }: TimeRange, after: string | undefined): EventRange {
  const end = to === undefined ? undefined : cursorAt(to)
  const begin = from === undefined ? undefined : cursorAt(from)
  const before = end === undefined || (after !== undefined && after < end) ? after : end
  return { before, reaches: (cursor) => begin === undefined || cursor >= begin }
}
