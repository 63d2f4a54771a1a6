import { randomUUID } from 'node:crypto'

const VERSION_AT = 14
/** Many requests come within a millisecond, and begin alike. */
let last = { ms: Number.NaN, prefix: '' }

/** A new request id: UUID version 7, which begins with its moment, so that its events are found by it. */
export function newRequestId(nowMs = Date.now()): string {
  if (nowMs !== last.ms) last = { ms: nowMs, prefix: prefixOf(nowMs) }
  // Behind the version a random UUID has the same form in versions 4 and 7.
  return last.prefix + randomUUID().slice(VERSION_AT + 1)
}

function prefixOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7`
}
