import { z } from 'zod'

/** A tenant's id: a lower-case slug; it stands inside Redis keys, so nothing else is let in. */
export const tenantId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'a tenant id is 2 to 40 of a-z, 0-9 and "-", and begins with a letter')
  .meta({ id: 'TenantId', examples: ['demo'] })

/** An identity's id: the tenant's id, a dot, and 17 bytes in base64url. Opaque to everybody but persistence. */
export const identityId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}\.[A-Za-z0-9_-]{23}$/, 'not an identity id')
  .meta({ id: 'IdentityId', examples: ['demo.AGhV3kq1x0oJ2mN7bQd5t1w'] })

/** Names one logical call, so that a caller who lost the reply can ask again: 1 to 200 printable ASCII characters. */
export const callId = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters without spaces')

/** The end user's IP address as the external server saw it. No text is refused: the limits read it (client-network.ts). */
export const clientIp = z.string()

/** A moment, ISO 8601 in UTC with milliseconds. */
export const moment = z.iso.datetime().meta({ id: 'Moment', examples: ['2026-11-20T10:00:00.000Z'] })

/** The two ends of a range of time in a query, both optional. `what` begins their descriptions, such as `Registered`. */
export const timeRange = (what: string) => ({
  from: moment.optional().describe(`${what} not before this moment`),
  to: moment.optional().describe(`${what} before this moment`),
})

/** Longest locale that is kept, in characters. */
export const LOCALE_MAX_LENGTH = 100

/**
 * A language as browsers, OIDC and POSIX name it: `es`, `pt-BR`, `en_US.UTF-8`, `fr-FR@euro`, `zh-Hant-TW`, or several, the best one first.
 * None is an error: of what no locale can hold, and of what is too long, only the rest is dropped, and an unknown language falls back to the
 * tenant's.
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
/** Most calls that may travel together in one `/batch` request. */
export const BATCH_MAX = 256
/** Shortest and longest life of a number, in seconds; with a test tenant in development it may be shorter. */
export const TTL_MIN_SECONDS = 60
export const TEST_TTL_MIN_SECONDS = 1
export const TTL_MAX_SECONDS = 86_400
/** How long a reply can be had again with the same idempotency key, in seconds. */
export const REPLAY_SECONDS = 60

/** The most bytes that the body of a request between the services, or a frame of a batch stream, may have. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024

/** A character that shows ink: not a joiner, a mark, a space, nor one of the letters that are blank. */
const VISIBLE = /[^\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u

/**
 * One line that people read, such as a name: no control characters, no line breaks, nothing that turns the direction of writing, and something
 * that can be seen. Whoever reads it in a list, a mail or a terminal must not be shown another one.
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
