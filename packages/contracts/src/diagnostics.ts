import { z } from 'zod'

/**
 * Kinds of findings. redis-*: the settings of Redis. key-missing: a key left the ring too early.
 * audit-altered: the audit log was changed. mail-unreadable, passkeys-unreadable, webhooks-unreadable: the
 * key of SMTP URLs, passkeys or webhook endpoints has left the ring.
 */
export const findingCode = z.enum([
  'redis-eviction',
  'redis-not-persistent',
  'redis-replicas',
  'redis-version',
  'key-missing',
  'mail-unreadable',
  'passkeys-unreadable',
  'webhooks-unreadable',
  'audit-altered',
])

export const finding = z
  .object({
    code: findingCode,
    level: z.enum(['warn', 'fail']).describe('fail: calls fail or promises are broken; warn: they may be'),
    detail: z.string().describe('One sentence: what is so'),
    fix: z.string().describe('One sentence: what to do'),
  })
  .meta({ id: 'Finding' })
export type Finding = z.infer<typeof finding>

/** `GET /v1/diagnostics`: what an operator should fix. Empty when there is nothing. */
export const diagnostics = z.object({ findings: z.array(finding) }).meta({ id: 'Diagnostics' })
