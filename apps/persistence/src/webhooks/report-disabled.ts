import { tenantOfWebhook, type WebhookDisabledReason } from '@emailauth/contracts/webhooks'
import type { Logger } from '@emailauth/service/logging/logger'
import { sealDetail } from '../store/event-detail.ts'
import { nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import type { WebhookStore } from './webhook-store.ts'

/**
 * Disables an endpoint, with an event and a log line. Does nothing when repeated, when the endpoint is gone,
 * and when it has changed since: somebody may have enabled it again after it failed.
 *
 * @param version of the endpoint that failed
 */
export type ReportDisabled = (
  id: string,
  reason: Exclude<WebhookDisabledReason, 'manual'>,
  version: number,
) => Promise<void>

/** How long a repeated report of one version of an endpoint is recognised. */
const KNOWN_MS = 3_600_000
const NOBODY = Buffer.alloc(0)
const DISABLED =
  'a webhook endpoint is disabled, because it answered 410 (gone) or nothing got through for days (failing); its owner enables it again with: emailauth webhooks update ID --enable'

export function createReportDisabled(
  context: StoreContext,
  webhooks: Pick<WebhookStore, 'record' | 'disable'>,
  logger: Pick<Logger, 'warn'> | undefined,
): ReportDisabled {
  return async (id, reason, version) => {
    const found = await webhooks.record(id)
    if (found?.version !== version || found.shown.disabledAt !== null) return
    const tenantId = tenantOfWebhook(id)
    const detail = sealDetail(context.ring, { tenantId, member: NOBODY }, { target: id })
    // The event first. It is written once, so a report that is repeated after a crash continues after it.
    const name = `${id}:${version}`
    const now = nowArgument(context)
    const args = { now, kind: 'webhook.disabled', name, onceMs: KNOWN_MS, detail }
    await runRule(context, scripts.appendEvent, { tenantId, partition: 0 }, args)
    if (await webhooks.disable(id, reason, version)) logger?.warn({ webhookId: id, reason }, DISABLED)
  }
}
