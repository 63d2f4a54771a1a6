import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { isRefusedWrite } from '@emailauth/redis/faults'
import type { Rule } from '@emailauth/redis/rules/rule'
import type { ScriptValue } from '@emailauth/redis/rules/script'
import { digest, hmac } from '@emailauth/secrets/digest'
import type { KeyRing, RingKey } from '@emailauth/secrets/key-ring'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { Deadline } from './deadline.ts'
import { ADDRESS_DIGEST_BYTES, NUMBER_DIGEST_BYTES } from './identity-record.ts'
import { keyPrefix } from './keys.ts'
import type { Notifications } from './notifications.ts'
import { type ReplicaPolicy, withReplicas } from './replicas.ts'
import { TooLate } from './replies.ts'

/** What the rules need to run in a tenant's partition. */
export interface StoreContext {
  readonly redis: RedisConnection
  readonly ring: KeyRing
  /** The layout in Redis (metadata.ts). */
  readonly format: number
  /** How many partitions each tenant has. Fixed when the store is first used. */
  readonly partitions: number
  /** The secret that assigns addresses to partitions. It never changes, unlike the key ring. */
  readonly partitionKey: Buffer
  /** By which this store differs from every other one. */
  readonly storeId: string
  /** Replicas that must have a change before it is acknowledged. */
  readonly replicas: ReplicaPolicy
  /** The time in ms. Absent: the clock of Redis, which all services share. */
  readonly now?: () => number
  readonly deadline: Deadline
  /** Asks for the time of Redis, which was perhaps set ahead when a rule came too late. Absent: no clock. */
  readonly askTime?: () => Promise<unknown>
  /** Whether numbers of test tenants may live shorter than those of others. Only in development. */
  readonly allowShortLives: boolean
  /** Gets the partitions where something expires. Absent: only a walk over all of them finds it. */
  readonly due?: { announce(at: Partition, dueMs: number): Promise<void> }
  /** Notified of each change, for readers of events. Absent: these poll. */
  readonly notifications?: Pick<Notifications, 'notify'>
  /** Tenants whose events are kept until the mailer has them; absent: none. */
  readonly webhookTenants?: ReadonlySet<string>
}

/** The partition of an address's identities. */
export function partitionOfAddress(
  context: StoreContext,
  { canonical }: { readonly canonical: string },
): number {
  return partitionOf(context, canonical)
}

/** The partition of a name. It does not depend on the key ring, so it never changes. */
export function partitionOf(context: StoreContext, name: string): number {
  if (context.partitions === 1) return 0
  return hmac(context.partitionKey, name, 4).readUInt32BE(0) % context.partitions
}

/** About how many events of a tenant are kept. Each of its partitions keeps an equal share. */
export const MOST_EVENTS = 10_000
/**
 * The same of a tenant with webhooks while the mailer is away: 75 MB, or two minutes at 1,000 calls a
 * second.
 */
export const MOST_UNDELIVERED_EVENTS = 500_000

/** The last but one argument of every rule of a partition, before the deadline (lua/lib/partition.lua). */
const mostEvents = ({ partitions, webhookTenants }: StoreContext, tenantId: string): number =>
  Math.ceil((webhookTenants?.has(tenantId) ? MOST_UNDELIVERED_EVENTS : MOST_EVENTS) / partitions)

/** The first argument of a script: the time in ms, or '' for the clock of Redis. */
export function nowArgument(context: StoreContext): ScriptValue {
  return context.now === undefined ? '' : context.now()
}

/** A tenant's partition. */
export interface Partition {
  readonly tenantId: string
  readonly partition: number
}

/**
 * Runs a rule in one partition. It returns when the writes have reached as many replicas as configured.
 * @param deadline in Redis time, in ms. After it the caller has timed out.
 * @throws {ProblemError} `unavailable` when the rule ran after the deadline, or when Redis refused to write.
 * Then it has done nothing, and the problem says so.
 */
export function runRule<Args, Reply>(
  context: StoreContext,
  rule: Rule<Args, Reply>,
  { tenantId, partition }: Partition,
  args: Args,
  deadline?: number,
): Promise<Reply> {
  const key = keyPrefix(tenantId, partition)
  const { format } = context
  const run = (latest: ScriptValue) =>
    withReplicas(context.redis, key, context.replicas, () =>
      rule(context.redis, [key], args, format, mostEvents(context, tenantId), latest).catch((error) =>
        throwRefusal(context, error),
      ),
    ).then((reply) => {
      context.notifications?.notify(tenantId)
      return reply
    })
  const found = context.deadline(deadline)
  // No async functions here, because each costs every call a promise and a turn of the microtask queue.
  return found instanceof Promise ? found.then(run) : run(found)
}

/**
 * Runs a background step that writes, such as the sweep. It has a deadline, so that steps that timed out in
 * an outage do not all run after it. It does not wait for replicas, because nothing is acknowledged and it is
 * repeated.
 * @throws {ProblemError} `unavailable` when the step ran after the deadline. Then it has done nothing.
 */
export async function runMaintenance<Args, Reply>(
  context: StoreContext,
  script: Rule<Args, Reply>,
  { tenantId, partition }: Partition,
  args: Args,
  deadline?: number,
): Promise<Reply> {
  const latest = await context.deadline(deadline)
  const key = keyPrefix(tenantId, partition)
  return script(context.redis, [key], args, context.format, mostEvents(context, tenantId), latest)
}

async function throwRefusal({ askTime }: StoreContext, cause: unknown): Promise<never> {
  // Before the reply, from which the gateway learns the time for its second attempt.
  if (cause instanceof TooLate) await askTime?.().catch(() => {})
  if (!isRefusedWrite(cause)) throw cause
  const detail = 'The store takes no changes at the moment; this call did not take effect.'
  throw new ProblemError('unavailable', detail, { retryAfterSeconds: 1, tookEffect: false, cause })
}

/** Runs a script that only reads, so it needs no deadline. */
export async function runQuery<Args, Reply>(
  context: StoreContext,
  script: Rule<Args, Reply>,
  { tenantId, partition }: Partition,
  args: Args,
): Promise<Reply> {
  const key = keyPrefix(tenantId, partition)
  return script(context.redis, [key], args, context.format, mostEvents(context, tenantId), '')
}

const NO_FINGERPRINT = Buffer.alloc(16)

/** The names of a request: always the gateway's, and the external server's if it gives one. */
export interface NamedRequest {
  readonly requestId: string
  readonly idempotencyKey?: string | undefined
}

/** Digests for the rules. Each includes the tenant, so that equal inputs of two tenants differ. */
export const digests = {
  number: (key: RingKey, tenantId: string, number: string) =>
    digest(key, 'number', `${tenantId}\n${number}`, NUMBER_DIGEST_BYTES),
  address: (key: RingKey, tenantId: string, address: string) =>
    digest(key, 'address', `${tenantId}\n${address}`, ADDRESS_DIGEST_BYTES),
  clientIp: (key: RingKey, tenantId: string, ip: string) =>
    digest(key, 'client-ip', `${tenantId}\n${ip}`, 12),
  /**
   * Names a call, to find its kept reply. The gateway's own name is random and says nothing, so it needs no
   * digest: that is 1 µs less for each call. It is longer than a digest, so the two cannot be taken for each
   * other.
   */
  request: (key: RingKey, operation: string, tenantId: string, request: NamedRequest): ScriptValue =>
    request.idempotencyKey === undefined
      ? `${operation} by request ${request.requestId}`
      : digest(key, 'request', `${operation}\n${callName(tenantId, request)}`, 16),
  /** The same for a call whose name depends on its identity. */
  requestFor: (key: RingKey, operation: string, name: string) =>
    digest(key, 'request', `${operation}\n${name}`, 16),
  result: (key: RingKey, tenantId: string, result: string) =>
    digest(key, 'request', `result\n${tenantId}\n${result}`, 16),
  /**
   * Detects a repeated idempotency key with another input. The gateway repeats its own calls unchanged, so
   * without such a key there is no fingerprint.
   */
  fingerprint: (key: RingKey, { idempotencyKey }: NamedRequest, input: readonly unknown[]) =>
    idempotencyKey === undefined
      ? NO_FINGERPRINT
      : digest(key, 'request', `input\n${JSON.stringify(input)}`, 16),
}

/** The name of a call in the rules: the external server's idempotency key, or the gateway's request id. */
export function callName(tenantId: string, { requestId, idempotencyKey }: NamedRequest): string {
  return `${tenantId}\n${idempotencyKey === undefined ? `r${requestId}` : `k${idempotencyKey}`}`
}
