import type { Tenant } from '@emailauth/contracts/tenants'

/**
 * Seconds until the page offers to mail the number again. It counts the last mail alone, so it may be too
 * short where a limit allows several mails; the refusal then says how long it really is.
 */
export function secondsToResend({ settings, testMode }: Tenant, mailedAtMs: number, nowMs: number): number {
  // Reserved addresses of a test tenant have no limits.
  if (testMode) return 0
  const apart = settings.mailsPerAddress.filter(({ max }) => max === 1)
  const waitSeconds = Math.max(0, ...apart.map(({ windowSeconds }) => windowSeconds))
  const passedSeconds = Math.max(0, nowMs - mailedAtMs) / 1000
  return Math.max(0, Math.ceil(waitSeconds - passedSeconds))
}
