import type { WebhookLimits } from './limits.ts'
import type { PostResult } from './post-webhook.ts'

/**
 * When an event is tried again, or undefined when it is given up: after the last pause of the schedule, or
 * when it has waited for too long already.
 *
 * @param tries attempts before this one
 * @param waitedMs since the mailer was given it
 */
export function nextAttemptMs(
  { scheduleMs, giveUpMs }: Pick<WebhookLimits, 'scheduleMs' | 'giveUpMs'>,
  { tries, waitedMs }: { readonly tries: number; readonly waitedMs: number },
  { retryAfterMs = 0 }: Pick<PostResult, 'retryAfterMs'>,
  random: () => number = Math.random,
): number | undefined {
  const pause = scheduleMs[tries]
  if (pause === undefined || waitedMs >= giveUpMs) return undefined
  return Math.max(retryAfterMs, Math.round(pause * (0.9 + 0.2 * random())))
}
