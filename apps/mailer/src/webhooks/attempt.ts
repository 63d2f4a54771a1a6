import type { WebhookAttempt, WebhookOutcome } from '@emailauth/contracts/webhook-deliveries'
import type { WebhookTarget } from '@emailauth/contracts/webhooks'
import type { PostResult, PostWebhook } from './post-webhook.ts'
import type { WaitingEvent } from './sealed-event.ts'
import { signedHeaders } from './sign.ts'

/** One request, signed at this moment. */
export interface Posted extends PostResult {
  readonly startedMs: number
  readonly durationMs: number
}

/** Posts an event to an endpoint, once. A request that fails is a result too. */
export async function postEvent(
  { post }: PostWebhook,
  { url, secrets }: WebhookTarget,
  { id, body }: Pick<WaitingEvent, 'body'> & { readonly id: string },
  now: () => number,
): Promise<Posted> {
  const startedMs = now()
  const begun = performance.now()
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'emailauth-webhooks',
    ...signedHeaders(id, body, secrets, startedMs),
  }
  const result = await post(url, headers, body)
  return { ...result, startedMs, durationMs: Math.round(performance.now() - begun) }
}

/** How the attempt is logged. */
export function toAttempt(
  { status, error, startedMs, durationMs }: Posted,
  of: {
    readonly eventId: string
    readonly type: string
    readonly attempt: number
    readonly outcome: WebhookOutcome
    readonly nextAtMs?: number | undefined
  },
): WebhookAttempt {
  const { nextAtMs, ...rest } = of
  return {
    ...rest,
    at: new Date(startedMs).toISOString(),
    status,
    durationMs,
    error,
    nextAttemptAt: nextAtMs === undefined ? null : new Date(nextAtMs).toISOString(),
  }
}
