import { randomUUID } from 'node:crypto'

const VERSION_AT = 14

/** A new request id: UUID version 7, which begins with its moment, so that its events are found by it. */
export function newRequestId(nowMs = Date.now()): string {
  const time = nowMs.toString(16).padStart(12, '0')
  // Behind the version a random UUID has the same form in versions 4 and 7.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(VERSION_AT + 1)}`
}
