/** One line of the doctor: what was looked at, how it is, and how to mend it. */
export interface Finding {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  /** What was found. */
  readonly detail: string
  /** What to do; null when nothing is to be done. */
  readonly mend: string | null
}

export function ok(name: string, detail: string): Finding {
  return { name, state: 'ok', detail, mend: null }
}

export function warn(name: string, detail: string, mend: string): Finding {
  return { name, state: 'warn', detail, mend }
}

export function fail(name: string, detail: string, mend: string): Finding {
  return { name, state: 'fail', detail, mend }
}
