import { z } from 'zod'
import { moment } from './common.ts'

/** A key of the ring. Its id is the first 4 bytes of its digest. The key itself is not included. */
export const ringKey = z
  .object({
    id: z.string().regex(/^[0-9a-f]{8}$/),
    cipher: z
      .enum(['xaes-256-gcm', 'xchacha20-poly1305'])
      // Persistence of the version before has no other.
      .default('xaes-256-gcm')
      .describe('With what it seals'),
    newest: z.boolean().describe('This one writes; the others only read'),
    neededUntil: moment
      .nullable()
      .describe('From this moment on nothing is left that needs the key; null for the newest'),
  })
  .meta({ id: 'RingKey' })
export type RingKey = z.infer<typeof ringKey>

/** `GET /v1/key-ring`: the keys of `EMAILAUTH_SECRET_KEYS`, newest first. */
export const keyRingReply = z.object({ keys: z.array(ringKey) }).meta({ id: 'KeyRing' })
