/** One line of `emailauth doctor --mail`: what was looked at, how it is, and how to fix it. */
export interface MailFinding {
  readonly name: string
  /** `skip`: it could not be looked at; the detail says why. */
  readonly state: 'ok' | 'warn' | 'fail' | 'skip'
  readonly detail: string
  /** What to do; null when nothing is to be done. */
  readonly fix: string | null
}

export const ok = (name: string, detail: string): MailFinding => ({ name, state: 'ok', detail, fix: null })
export const skip = (name: string, detail: string): MailFinding => ({
  name,
  state: 'skip',
  detail,
  fix: null,
})
export const warn = (name: string, detail: string, fix: string): MailFinding => ({
  name,
  state: 'warn',
  detail,
  fix,
})
export const fail = (name: string, detail: string, fix: string): MailFinding => ({
  name,
  state: 'fail',
  detail,
  fix,
})
