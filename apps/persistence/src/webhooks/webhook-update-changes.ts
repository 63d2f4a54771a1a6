import type { EventChange } from '@emailauth/contracts/events'
import type { WebhookEndpoint, WebhookUpdateRequest } from '@emailauth/contracts/webhooks'
import { changesOf } from '../audit/changes-of.ts'

/** The changes that an update makes to an endpoint, for the audit log. Unchanged values are left out. */
export function updateChanges(
  before: WebhookEndpoint,
  { url, enabled, description, eventTypes }: WebhookUpdateRequest,
): EventChange[] {
  const isOtherUrl = url !== undefined && url !== before.url
  return [
    ...(isOtherUrl ? [{ field: 'url', before: shownUrl(before.url), after: shownUrl(url) }] : []),
    ...changesOf('', { enabled: before.disabledAt === null }, { enabled }),
    ...changesOf('', before, { description, eventTypes, version: before.version + 1 }),
  ]
}

/** Without its path, because those of many receivers contain a secret. */
function shownUrl(url: string): string | null {
  return URL.canParse(url) ? `${new URL(url).origin}/…` : null
}
