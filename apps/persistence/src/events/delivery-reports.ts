import { hash } from 'node:crypto'
import type { DeliveryDetail, DeliveryReport } from '@emailauth/contracts/events'
import type { Tenants } from '../calls/tenants.ts'
import { deliveryDetailOf, sealDetail } from '../store/event-detail.ts'
import { type IdentityLocation, parseIdentityId } from '../store/identity-id.ts'
import { keyPrefix } from '../store/keys.ts'
import { nowArgument, type Partition, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** One outcome, as lua/rules/report.lua takes it. */
interface Outcome {
  readonly outcome: string
  readonly member: Buffer
  readonly mail: Buffer | ''
  readonly detail: Buffer | ''
  readonly reason: string
}

/** Records delivery outcomes. A repeated report counts once. A report without a valid identity is ignored. */
export type ReportDeliveries = (reports: readonly DeliveryReport[]) => Promise<void>

export function createReportDeliveries(
  context: StoreContext,
  tenants: Pick<Tenants, 'get'>,
  identities: { refuse(id: string, by: { delivery: DeliveryDetail }): Promise<boolean> },
): ReportDeliveries {
  return async (reports) => {
    const groups = new Map<string, Partition & { outcomes: Outcome[] }>()
    const refused: DeliveryReport[] = []
    for (const report of reports) {
      const { type, identityId, messageId, reason = '' } = report
      // Removing the identity records the event.
      if (type === 'rejected') {
        refused.push(report)
        continue
      }
      const location = parseIdentityId(context, identityId)
      if (location === undefined || location.partition >= context.partitions) continue
      const { tenantId, partition, member } = location
      const key = keyPrefix(tenantId, partition)
      const group = groups.get(key) ?? { tenantId, partition, outcomes: [] }
      const mail = messageId === undefined ? '' : digestOf(messageId)
      const detail = detailOf(context, location, report)
      group.outcomes.push({ outcome: type, member, mail, detail, reason })
      groups.set(key, group)
    }
    await Promise.all([
      ...refused.map(({ identityId, relay, reply, reason }) =>
        identities.refuse(identityId, { delivery: { relay, reply, reason } }),
      ),
      ...[...groups.values()].map(async ({ outcomes, ...at }) => {
        // Do not write keys of a tenant that is being deleted.
        if ((await tenants.get(at.tenantId))?.status === 'active')
          await runRule(context, scripts.report, at, { now: nowArgument(context), each: outcomes })
      }),
    ])
  }
}

/** What an event keeps, sealed, or '' when nothing is known. */
function detailOf({ ring }: StoreContext, location: IdentityLocation, report: DeliveryReport) {
  const detail = deliveryDetailOf(report)
  return detail === undefined ? '' : sealDetail(ring, location, detail)
}

/** A digest, because the id of a mail may contain the id of its identity. */
function digestOf(messageId: string): Buffer {
  return hash('sha256', messageId, 'buffer').subarray(0, 12)
}
