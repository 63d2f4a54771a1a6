import type { TakeBounce } from './bounces.service.ts'
import { readDsn } from './read-dsn.ts'

/** `none`: it is no report of a failed delivery. `unknown`: it is of no mail of ours. */
export type ReportOutcome = 'taken' | 'unknown' | 'none'

/** Reads a report as a mail server wrote it and takes its bounces in; a recipient counts once, however its message is named. */
export function createTakeReport(takeBounce: TakeBounce) {
  return async function takeReport(raw: Buffer, recipients: readonly string[] = []): Promise<ReportOutcome> {
    const reported = await readDsn(raw, recipients)
    const taken = new Set<string>()
    for (const bounce of reported) {
      if (!taken.has(bounce.email) && (await takeBounce(bounce)) === 'taken') taken.add(bounce.email)
    }
    if (taken.size > 0) return 'taken'
    return reported.length > 0 ? 'unknown' : 'none'
  }
}

export type TakeReport = ReturnType<typeof createTakeReport>
