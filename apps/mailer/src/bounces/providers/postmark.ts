import { constantTimeEqual } from '@emailauth/secrets/digest'
import { z } from 'zod'
import { bounceOf, notTheirs, notUnderstood, type ReadHook, readJson } from './hook.ts'

const record = z.object({
  RecordType: z.string(),
  Type: z.string().optional(),
  Email: z.string().optional(),
  Description: z.string().nullish(),
  Details: z.string().nullish(),
  Metadata: z.record(z.string(), z.string()).nullish(),
})

/** Postmark reports metadata but no Message-ID, so each mail carries its id as metadata of this name. */
export const POSTMARK_ID = 'emailauth-id'
/** Bounce types after which Postmark itself stops sending (its bounce API). */
const PERMANENT = new Set([
  'HardBounce',
  'BadEmailAddress',
  'ManuallyDeactivated',
  'SpamComplaint',
  'AddressChange',
])

/** Postmark's webhooks. Postmark signs nothing, so the webhook's URL carries `user:password` (RFC 7617). */
export function createPostmarkHook(credentials: string): ReadHook {
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`
  return async ({ headers, body }) => {
    if (!constantTimeEqual(headers.authorization ?? '', expected)) throw notTheirs()
    const read = record.safeParse(readJson(body))
    if (!read.success) throw notUnderstood()
    const { RecordType, Type = RecordType, Email, Description, Details, Metadata } = read.data
    if (RecordType !== 'Bounce' && RecordType !== 'SpamComplaint') return []
    const reason = Details || Description || Type
    const bounce = bounceOf(Metadata?.[POSTMARK_ID], Email, PERMANENT.has(Type), reason)
    return bounce === undefined ? [] : [bounce]
  }
}
