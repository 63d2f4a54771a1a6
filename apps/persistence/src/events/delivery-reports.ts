import { createHash } from 'node:crypto'
import type { DeliveryReport } from '@emailauth/contracts/events'
import type { Tenants } from '../calls/tenants.ts'
import { parseIdentityId } from '../store/identity-id.ts'
import { keyPrefix } from '../store/keys.ts'
import { nowArgument, type Partition, runRule, type StoreContext } from '../store/partition.ts'
import { type ScriptArguments, scripts } from '../store/scripts.ts'

/** Records delivery outcomes. A repeated report counts once. A report without a valid identity is ignored. */
export type ReportDeliveries = (reports: readonly DeliveryReport[]) => Promise<void>

export function createReportDeliveries(
  context: StoreContext,
  tenants: Pick<Tenants, 'get'>,
  identities: { refuse(id: string): Promise<boolean> },
): ReportDeliveries {
  return async (reports) => {
    const groups = new Map<string, Partition & { args: ScriptArguments }>()
    const refused: string[] = []
    for (const { type, identityId, messageId } of reports) {
      // Removing the identity records the event.
      if (type === 'rejected') {
        refused.push(identityId)
        continue
      }
      const location = parseIdentityId(context, identityId)
      if (location === undefined || location.partition >= context.partitions) continue
      const { tenantId, partition, member } = location
      const key = keyPrefix(tenantId, partition)
      const group = groups.get(key) ?? { tenantId, partition, args: [nowArgument(context)] }
      group.args.push(type, member, messageId === undefined ? '' : digestOf(messageId))
      groups.set(key, group)
    }
    await Promise.all([
      ...refused.map((id) => identities.refuse(id)),
      ...[...groups.values()].map(async ({ args, ...at }) => {
        // Do not write keys of a tenant that is being deleted.
        if ((await tenants.get(at.tenantId))?.status === 'active')
          await runRule(context, scripts.report, at, args)
      }),
    ])
  }
}

/** A digest, because the id of a mail may contain the id of its identity. */
function digestOf(messageId: string): Buffer {
  return createHash('sha256').update(messageId).digest().subarray(0, 12)
}
