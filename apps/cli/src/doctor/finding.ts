/** One line of the doctor: what was looked at, how it is, and how to fix it. */
export interface Finding {
  readonly name: string
  /** `skip`: it could not be looked at; the detail says why. */
  readonly state: 'ok' | 'warn' | 'fail' | 'skip'
  /** What was found. */
  readonly detail: string
  /** What to do; null when nothing is to be done. */
  readonly fix: string | null
}

export function ok(name: string, detail: string): Finding {
  return { name, state: 'ok', detail, fix: null }
}

export function warn(name: string, detail: string, fix: string): Finding {
  return { name, state: 'warn', detail, fix }
}

export function fail(name: string, detail: string, fix: string): Finding {
  return { name, state: 'fail', detail, fix }
}
