import type { Call, RequestOptions } from './call.ts'
import { EVENTS, STATISTICS } from './generated/documents.ts'
import type { EmailauthEvent, Statistics } from './generated/objects.ts'
import type { EventType, StatisticsStep } from './generated/operations.ts'
import type { Page } from './mails.ts'

export interface StatisticsOptions {
  /** ISO 8601, or a Date. */
  readonly from: string | Date
  /** Default: now. */
  readonly to?: string | Date | undefined
  /** Default: `HOUR`. At most 400 steps. */
  readonly step?: StatisticsStep | undefined
  /** Admin keys only: one tenant instead of all. */
  readonly tenantId?: string | undefined
}

export interface EventPageOptions {
  readonly first?: number | undefined
  readonly after?: string | undefined
  readonly tenantId?: string | undefined
  readonly types?: readonly EventType[] | undefined
  readonly identityId?: string | undefined
}

export function statisticsCalls(call: Call) {
  return {
    statistics: ({ from, to, ...rest }: StatisticsOptions, options?: RequestOptions) =>
      call.read<Statistics>(
        'statistics',
        STATISTICS,
        { from: instant(from), ...(to === undefined ? {} : { to: instant(to) }), ...rest },
        options,
      ),
    eventPage: (page: EventPageOptions = {}, options?: RequestOptions) =>
      call.read<Page<EmailauthEvent>>('events', EVENTS, { ...page }, options),
  }
}

function instant(time: string | Date): string {
  return typeof time === 'string' ? time : time.toISOString()
}
