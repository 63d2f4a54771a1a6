import { bounceRequest } from '@emailauth/contracts/messages'
import { isSignedBounce } from '../bounce-signature.ts'
import { notTheirs, notUnderstood, type ReadHook, readJson } from './hook.ts'

/**
 * Our own signed form (`Emailauth-Signature`) for one bounce or several, for any other program that reads
 * bounces.
 */
export function createGenericHook(secret: string, now: () => number): ReadHook {
  return async ({ headers, body }) => {
    if (!isSignedBounce(secret, headers['emailauth-signature'], body, now())) throw notTheirs()
    const read = bounceRequest.or(bounceRequest.array().max(1000)).safeParse(readJson(body))
    if (!read.success) throw notUnderstood()
    return Array.isArray(read.data) ? read.data : [read.data]
  }
}
