import {
  WEBHOOK_SECRETS_MAX,
  type WebhookDisabledReason,
  type WebhookTarget,
  type WebhookUpdateRequest,
} from '@emailauth/contracts/webhooks'
import type { WebhookRecord } from './webhook-record.ts'

type Shown = WebhookRecord['shown']

/** Description and event types as a request changes them. An absent field stays. */
export function described(
  shown: Shown,
  { description, eventTypes }: Pick<WebhookUpdateRequest, 'description' | 'eventTypes'>,
): Shown {
  return {
    ...shown,
    ...(description === undefined ? {} : { description }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
  }
}

/** @param at ISO 8601 */
export function disabled(shown: Shown, reason: WebhookDisabledReason, at: string): Shown {
  return { ...shown, disabledAt: at, disabledReason: reason }
}

/**
 * A target with one secret more, which signs from now on.
 * @param until ISO 8601; the older secrets are valid until then at most
 */
export function withNewSecret(
  { url, secrets }: WebhookTarget,
  secret: string,
  until: string,
  nowMs: number,
): WebhookTarget {
  const older = secrets
    .map((one) => (one.until === null || one.until > until ? { ...one, until } : one))
    .filter((one) => Date.parse(one.until ?? until) > nowMs)
  return { url, secrets: [{ secret, until: null }, ...older].slice(0, WEBHOOK_SECRETS_MAX) }
}
