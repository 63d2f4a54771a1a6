import { LOCALE_MAX_LENGTH } from './common.ts'

/**
 * The languages that a mail may be in, the best one first: those of the call, then the tenant's own.
 * The mailer takes the first that it knows.
 * @param asked undefined, null or empty where the call names none.
 */
export function mailLocales(asked: string | null | undefined, ofTenant: string): string {
  const own = ofTenant.slice(0, LOCALE_MAX_LENGTH)
  // What is cut off must not be the tenant's.
  const room = LOCALE_MAX_LENGTH - own.length - 1
  return asked && room > 0 ? `${asked.slice(0, room)},${own}` : own
}
