import { randomBytes } from 'node:crypto'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { createWorkByKey } from '../../src/queue/work-by-key.ts'

/** What a mailer takes that was offered a job under its key. The key is new, so that no other takes it. */
export async function offerAndTake(redis: RedisConnection, queue: 'retry' | 'webhooks') {
  const ring = createKeyRing([randomBytes(32)])
  await ring.ready()
  const offered = createWorkByKey(redis, ring, queue)
  await offered.offer(ring.keys[0].id.toString('hex'), 'demo.1')
  return offered.take()
}
