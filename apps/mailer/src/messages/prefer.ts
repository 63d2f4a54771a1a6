/** How long a send waits for the SMTP server: by default, and at most. */
const WAIT_SECONDS = 5
const WAIT_MAX_SECONDS = 15

/** A caller's `Prefer` header (RFC 7240), and the reply to it. */
export interface Preference {
  readonly waitMs: number
  /** Value of `Preference-Applied`. Undefined when no known preference was named. */
  readonly applied: string | undefined
}

/** `wait=N` in seconds; `respond-async` means no wait. Other preferences are ignored. */
export function readPrefer(header: string | readonly string[] | undefined): Preference {
  const asked = [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((one) => one.split(';')[0]?.trim().toLowerCase() ?? '')
  const wait = asked
    .map((one) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(one)?.[1])
    .find((seconds) => seconds !== undefined)
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), WAIT_MAX_SECONDS)
    return { waitMs: seconds * 1000, applied: `wait=${seconds}` }
  }
  if (asked.includes('respond-async')) return { waitMs: 0, applied: 'respond-async' }
  return { waitMs: WAIT_SECONDS * 1000, applied: undefined }
}
