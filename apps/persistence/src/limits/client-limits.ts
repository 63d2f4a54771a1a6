import type { ClientNetwork } from '@emailauth/contracts/client-network'
import type { RingKey } from '@emailauth/secrets/key-ring'
import { digests, partitionOf, type StoreContext } from '../store/partition.ts'
import type { SharedLimit } from './shared-limits.ts'

/** Whose client, and the rates of its network and of the IPv6 /48 around it. */
export interface ClientLimit {
  readonly tenantId: string
  readonly client: ClientNetwork | undefined
  readonly log: 'g:' | 'm:'
  readonly rates: string
  readonly widerRates: string
}

/** A client's limits on a Cluster, where each network's log lies in a partition of its own. */
export function clientLimits(context: StoreContext, limit: ClientLimit): SharedLimit[] {
  const { tenantId, client, log, rates, widerRates } = limit
  if (client === undefined) return []
  const limitOf = (network: string, its: string): SharedLimit => ({
    limit: 'client-ip',
    log,
    digests: context.ring.keys.map((key) => digests.clientIp(key, tenantId, network)),
    rates: its,
    home: partitionOf(context, network),
  })
  return [
    limitOf(client.network, rates),
    ...(client.wider === undefined ? [] : [limitOf(client.wider, widerRates)]),
  ]
}

/** A client's two columns in a rule's arguments: digests of its network and of the /48 around it, or ''. */
export function clientDigests(
  key: RingKey,
  tenantId: string,
  client: ClientNetwork | undefined,
): [network: Buffer | '', wider: Buffer | ''] {
  if (client === undefined) return ['', '']
  const { network, wider } = client
  return [
    digests.clientIp(key, tenantId, network),
    wider === undefined ? '' : digests.clientIp(key, tenantId, wider),
  ]
}
