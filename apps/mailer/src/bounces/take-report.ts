import type { TakeBounce } from './bounces.service.ts'
import { readDsn } from './read-dsn.ts'

/** `none`: not a report of a failed delivery. `unknown`: a report about a mail that is not ours. */
export type ReportOutcome = 'taken' | 'unknown' | 'none'

/**
 * Reads a mail server's report and records its bounces. Each recipient counts once, whichever token names the
 * message.
 */
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
