import { z } from 'zod'
import { OVERLAP_DEFAULT_SECONDS, OVERLAP_MAX_SECONDS } from './overlap.ts'
import { PAGE_DEFAULT, PAGE_MAX } from './page-length.ts'
import { TENANT_ID_RULE } from './tenant-id-rule.ts'

/** A tenant's id: a lower-case slug. It is a part of Redis keys, so no other characters are allowed. */
export const tenantId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, TENANT_ID_RULE)
  .meta({ id: 'TenantId', examples: ['demo'] })

/**
 * An identity's id: the tenant's id, a dot, and 23 opaque characters. Only persistence knows their meaning.
 */
export const identityId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}\.[A-Za-z0-9_-]{23}$/, 'not an identity id')
  .meta({ id: 'IdentityId', examples: ['demo.AGhV3kq1x0oJ2mN7bQd5t1w'] })

/**
 * In results of calls that are made for each register or verify: the type alone is checked, because the
 * service that wrote them has made them itself.
 */
export const identityIdInResult = z.string().meta({ examples: ['demo.AGhV3kq1x0oJ2mN7bQd5t1w'] })
export const momentInResult = z.string().meta({ format: 'date-time', examples: ['2026-11-20T10:00:00.000Z'] })

/** The tenant that an identity's id names. */
export const tenantOfIdentity = (id: string): string => id.slice(0, id.indexOf('.'))

/** How long a key or secret goes on beside the one that replaces it. */
export const overlapSeconds = z
  .number()
  .int()
  .min(0)
  .max(OVERLAP_MAX_SECONDS)
  .default(OVERLAP_DEFAULT_SECONDS)

/** The rule of {@link callId} as help for people. */
export const CALL_ID_RULE = 'must be 1 to 200 printable ASCII characters without spaces.'

/** Names a call, so that a caller who lost the reply can retry it. 1 to 200 printable ASCII characters. */
export const callId = z.string().regex(/^[\x21-\x7e]{1,200}$/, CALL_ID_RULE)

/** By what a call can be repeated: the gateway's name for it, and the external server's if it gives one. */
export const callNames = {
  requestId: callId.describe('Names this call; the same id within 60 s gets the same answer'),
  idempotencyKey: callId
    .optional()
    .describe("The external server's own name for the call; stands in for requestId"),
}

/** One character more than client-network.ts reads, so that a text which is too long for it stays so. */
export const CLIENT_IP_MAX_LENGTH = 101

/**
 * The end user's IP address, from the external server. Every text is accepted (client-network.ts). It is cut,
 * because many calls travel in one body: without a bound those of one tenant make it too large.
 */
export const clientIp = z.string().overwrite((text) => text.slice(0, CLIENT_IP_MAX_LENGTH))

/** A time, ISO 8601 in UTC with milliseconds. */
export const moment = z.iso.datetime().meta({ id: 'Moment', examples: ['2026-11-20T10:00:00.000Z'] })

/**
 * With a change: the version that it was made from. When it is not the current one any more, the change is
 * refused with `stale-version`. Absent: the change takes effect in any case.
 */
export const ifVersion = z.number().int().min(1).optional()

/**
 * The two ends of a range of time in a query, both optional. `what` begins their descriptions, such as
 * `Registered`.
 */
export const timeRange = (what: string) => ({
  from: moment.optional().describe(`${what} not before this moment`),
  to: moment.optional().describe(`${what} before this moment`),
})

/** The length of a page, in a query. */
export const pageLength = z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT)

/** A range of time as calls pass it on. Either end may be open. */
export interface TimeRange {
  readonly from?: string
  readonly to?: string
}

/** Longest locale, in characters. Longer ones are cut. */
export const LOCALE_MAX_LENGTH = 100

/**
 * A language as browsers, OIDC and POSIX name it: `es`, `pt-BR`, `en_US.UTF-8`, `fr-FR@euro`, `zh-Hant-TW`,
 * or several, the best one first. Every text is accepted: invalid characters and excess length are dropped.
 * An unknown language falls back to the tenant's.
 */
export const localeTag = z
  .string()
  .overwrite((text) =>
    text
      .replace(/[^\w.@,;=\- ]/g, '')
      .slice(0, LOCALE_MAX_LENGTH)
      .trim(),
  )
  .describe('A language as browsers, OIDC and POSIX name it; an unknown one falls back')

/** Longest token, in bytes of UTF-8. */
export const TOKEN_MAX_BYTES = 4096
/** Longest address, in characters, as RFC 5321 allows (64 + "@" + 255). */
export const EMAIL_MAX_LENGTH = 320
/** Most calls in one `/batch` request. */
export const BATCH_MAX = 256
/** Shortest and longest life of a number, in seconds. For test tenants in development it may be shorter. */
export const TTL_MIN_SECONDS = 60
export const TEST_TTL_MIN_SECONDS = 1
export const TTL_MAX_SECONDS = 86_400
/** How long a repeated idempotency key gets the same reply, in seconds. */
export const REPLAY_SECONDS = 60

/** A visible character: no joiner, mark or space, and none of the letters that are blank. */
const VISIBLE = /[^\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u

/**
 * One line that people read, such as a name. It has no control characters, line breaks or direction
 * characters, and at least one visible character, so that it cannot imitate another name in a list, a mail or
 * a terminal.
 */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(
      /^(?:[^\p{C}\p{Zl}\p{Zp}]|[\u200c\u200d])+$/u,
      'must be one line without control or direction characters',
    )
    .regex(VISIBLE, 'must have a character that can be seen')
