import { z } from 'zod'

/**
 * Kinds of findings. redis-eviction to redis-version: the settings of Redis. redis-memory, redis-disk: they
 * are full, or nearly. redis-refuses-writes: it takes none for another reason. key-missing: a key left the
 * ring too early. audit-altered: the audit log was changed. mail-unreadable, passkeys-unreadable,
 * webhooks-unreadable: the key of SMTP URLs, passkeys or webhook endpoints has left the ring.
 */
const findingCode = z.enum([
  'redis-eviction',
  'redis-not-persistent',
  'redis-replicas',
  'redis-version',
  'redis-memory',
  'redis-disk',
  'redis-refuses-writes',
  'key-missing',
  'mail-unreadable',
  'passkeys-unreadable',
  'webhooks-unreadable',
  'audit-altered',
])

export const finding = z
  .object({
    // Readers take codes that they do not know, because persistence is upgraded before them.
    code: z.string().describe('What kind, such as `redis-eviction`. New ones may be added'),
    level: z.enum(['warn', 'fail']).describe('fail: calls fail or promises are broken; warn: they may be'),
    detail: z.string().describe('One sentence: what is so'),
    fix: z.string().describe('One sentence: what to do'),
  })
  .meta({ id: 'Finding' })
/** A finding as another service reads it. */
export type ReportedFinding = z.infer<typeof finding>
/** A finding as persistence makes it. */
export type Finding = ReportedFinding & { readonly code: z.infer<typeof findingCode> }

/** `GET /v1/diagnostics`: what an operator should fix. Empty when there is nothing. */
export const diagnostics = z.object({ findings: z.array(finding) }).meta({ id: 'Diagnostics' })
