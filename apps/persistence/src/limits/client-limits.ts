import type { ClientNetwork } from '@emailauth/contracts/client-network'
import type { RingKey } from '@emailauth/secrets/key-ring'
import { digests, partitionOf, type StoreContext } from '../store/partition.ts'
import type { SharedLimit } from './reservations.ts'

/** A client, and the rates of its network and of the IPv6 /48 around it. */
export interface ClientLimit {
  readonly tenantId: string
  readonly client: ClientNetwork | undefined
  readonly log: 'g:' | 'm:'
  readonly rates: string
  readonly widerRates: string
}

/** The limits of a client on a Cluster, where the log of each network has its own partition. */
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

/** An argument of a rule: the digest of a client's network or of its /48, or '' where there is none. */
export function networkDigest(key: RingKey, tenantId: string, network: string | undefined): Buffer | '' {
  return network === undefined ? '' : digests.clientIp(key, tenantId, network)
}
