import type { RedisConnection } from '@emailauth/redis/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import type { Logger } from '@emailauth/service/logger'
import { createReadLane, type ReadLane } from '@emailauth/service/read-lane'
import { type ApiKeyStore, createApiKeyStore } from './api-keys/api-key-store.ts'
import { type Audit, createAudit, type NumberedAct } from './audit/audit.ts'
import { createReportDeliveries, type ReportDeliveries } from './events/delivery-reports.ts'
import { createEventLog, type EventLog } from './events/event-log.ts'
import { createFindEvent, type FindEvent } from './events/find-event.ts'
import { createReadStatistics, type ReadStatistics } from './events/statistics.ts'
import { createListIdentities, type ListIdentities } from './identities/list.ts'
import { createRemoveIdentity, type RemoveIdentity } from './identities/remove.ts'
import { createKeyRingUse, type KeyRingUse } from './key-ring/key-ring-use.ts'
import { createReservations, type Reservations } from './limits/reservations.ts'
import { createPasskeyStore, type PasskeyStore } from './passkeys/passkey-store.ts'
import { createRegister, type Register } from './registration/register.ts'
import { createResend, type Resend } from './registration/resend.ts'
import { createSessionStore, type SessionStore } from './sessions/session-store.ts'
import { createSignInStore, type SignInStore } from './sign-ins/sign-in-store.ts'
import { createDeadline, onlyGiven } from './store/deadline.ts'
import { createDuePartitions, type DuePartitions } from './store/due-partitions.ts'
import { cursorAt, readWatermark } from './store/event-streams.ts'
import { createFindIdentity, type FindIdentity } from './store/find-identity.ts'
import { readMetadata } from './store/metadata.ts'
import { createNotifications } from './store/notifications.ts'
import type { StoreContext } from './store/partition.ts'
import { type RedisClock, redisClockOf } from './store/redis-clock.ts'
import type { ReplicaPolicy } from './store/replicas.ts'
import { replicatedTenants } from './tenants/replicated-tenants.ts'
import { createSmtpUrlKeeping, type SmtpUrlKeeping } from './tenants/reseal-smtp-urls.ts'
import { createTenantStore, type TenantStore } from './tenants/tenant-store.ts'
import { createTestIdentities } from './test-mode/test-identities.ts'
import { createExchange, type Exchange } from './verification/exchange.ts'
import { createVerify, type Verify } from './verification/verify.ts'
import type { WebhookUrlRules } from './webhooks/check-url.ts'
import { createWebhookOutbox, type WebhookOutbox } from './webhooks/outbox.ts'
import { createReportDisabled, type ReportDisabled } from './webhooks/report-disabled.ts'
import { createWebhookStore, type WebhookStore } from './webhooks/webhook-store.ts'
import { createWebhookTenants } from './webhooks/webhook-tenants.ts'

/** Everything that the routes need from Redis. */
export interface Store {
  readonly register: Register
  readonly resend: Resend
  readonly verify: Verify
  readonly exchange: Exchange
  readonly identities: FindIdentity & RemoveIdentity & { list: ListIdentities }
  readonly tenants: TenantStore
  readonly apiKeys: ApiKeyStore
  readonly sessions: SessionStore
  readonly signIns: SignInStore
  readonly passkeys: PasskeyStore
  readonly events: EventLog
  readonly reportDeliveries: ReportDeliveries
  readonly readStatistics: ReadStatistics
  readonly audit: Audit
  readonly keyRing: KeyRingUse
  readonly smtpUrls: SmtpUrlKeeping
  readonly webhooks: WebhookStore
  readonly webhookRules: WebhookUrlRules
  readonly outbox: WebhookOutbox
  readonly findEvent: FindEvent
  readonly reportDisabled: ReportDisabled
  readonly context: StoreContext
  readonly reservations: Reservations
  readonly due: DuePartitions
  /** Lists and statistics wait here. They have a connection of their own. */
  readonly lane: ReadLane
  readonly reads: RedisConnection
  readonly clock: RedisClock
}

export interface StoreOptions {
  readonly redis: RedisConnection
  /** For lists and statistics, so that register and verify do not wait behind them. Absent: the same one. */
  readonly reads?: RedisConnection
  /** For one command that waits until something happens. Absent: live events are polled for. */
  readonly waiting?: RedisConnection
  readonly ring: KeyRing
  /** Replicas that must have a change before it is acknowledged. Absent: none. */
  readonly replicas?: ReplicaPolicy
  /** Whether a tenant may use an SMTP server with a private address. Absent: no. */
  readonly allowPrivateSmtp?: boolean
  /** Whether a tenant may use an SMTP server on the Internet without TLS. Absent: no. */
  readonly allowPlaintextSmtp?: boolean
  /** Where webhooks may go; absent: by https to public addresses. */
  readonly webhookRules?: WebhookUrlRules
  readonly logger?: Pick<Logger, 'warn' | 'info'>
  /** Called with each recorded act of an admin. */
  readonly onAct?: (act: NumberedAct) => void
  /** Whether numbers of test tenants may live shorter than those of others. Absent: no. */
  readonly allowShortLives?: boolean
  /** For tests: the time in ms. Absent: the clock of Redis. */
  readonly now?: () => number
}

/** Opens the store in Redis. The first use writes its metadata. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { redis, ring, replicas, allowPrivateSmtp = false, allowPlaintextSmtp = false, onAct, now } = options
  const { allowShortLives = false } = options
  const metadata = await readMetadata(redis, ring)
  const clock = redisClockOf(redis)
  await clock.known()
  const webhookTenants = createWebhookTenants(redis, now)
  // From the first call on, because events of these tenants must not be trimmed too early.
  await webhookTenants.list()
  const due = createDuePartitions(redis, now)
  const notifications = createNotifications(redis, options.waiting, options.logger)
  const context: StoreContext = {
    redis,
    due,
    notifications,
    ring,
    ...metadata,
    replicas: replicas ?? { count: 0, timeoutMs: 0 },
    allowShortLives,
    webhookTenants: webhookTenants.known,
    ...(now === undefined ? { deadline: createDeadline(redis, clock) } : { now, deadline: onlyGiven }),
  }
  const reads = options.reads ?? redis
  const readContext: StoreContext = { ...context, redis: reads }
  const lane = createReadLane()
  const keyRing = createKeyRingUse(redis, ring, now)
  await keyRing.note()
  const mailerRing = deriveMailerRing(ring)
  const find = createFindIdentity(context)
  const remove = createRemoveIdentity(context, find)
  const testIdentities = createTestIdentities(context, find)
  const reservations = createReservations(context)
  const tenantRules = { ring: mailerRing, allowPrivateSmtp, allowPlaintextSmtp, allowShortLives }
  const { list, ids } = createTenantStore({ redis: reads, ...tenantRules })
  const tenants = {
    ...replicatedTenants(redis, context.replicas, createTenantStore({ redis, ...tenantRules })),
    list,
    ids,
  }
  const accounts = { ring, replicas: context.replicas, now }
  const { unreadable } = createSmtpUrlKeeping(reads, mailerRing)
  const smtpUrls = { ...createSmtpUrlKeeping(redis, mailerRing), unreadable }
  await smtpUrls.reseal()
  const passkeys = createPasskeyStore({ redis, ring, replicas: context.replicas, now })
  await passkeys.reseal()
  const { webhookRules = { allowPrivate: false, allowPlaintext: false } } = options
  const webhooks = createWebhookStore({
    redis,
    ring: mailerRing,
    replicas: context.replicas,
    tenants: webhookTenants,
    notifications,
    newestCursor: async () => cursorAt(await readWatermark(context)),
    now,
  })
  await webhooks.reseal()
  const events = createEventLog(readContext, tenants, notifications)
  const apiKeys = createApiKeyStore({ redis, ...accounts })
  const keyLists = createApiKeyStore({ redis: reads, ...accounts })
  return {
    context,
    reservations,
    due,
    lane,
    reads,
    clock,
    register: lane.first(createRegister(context, testIdentities, reservations)),
    resend: lane.first(createResend(context, find)),
    verify: lane.first(createVerify(context, testIdentities, reservations)),
    exchange: lane.first(createExchange(context)),
    identities: {
      ...find,
      ...remove,
      list: createListIdentities(readContext, createFindIdentity(readContext)),
    },
    tenants,
    apiKeys: {
      ...apiKeys,
      list: keyLists.list,
      page: keyLists.page,
    },
    sessions: {
      ...createSessionStore({ redis, ...accounts }),
      page: createSessionStore({ redis: reads, ...accounts }).page,
    },
    signIns: createSignInStore(context, passkeys),
    passkeys,
    events,
    reportDeliveries: createReportDeliveries(context, tenants, remove),
    readStatistics: createReadStatistics(readContext, tenants),
    audit: createAudit({
      redis,
      ring,
      laneKey: context.partitionKey,
      notifications,
      tenantOfKey: async (keyId) => (await apiKeys.get(keyId))?.tenantId ?? undefined,
      onAct,
    }),
    keyRing,
    smtpUrls,
    webhooks,
    webhookRules,
    outbox: createWebhookOutbox(readContext, webhookTenants, events, notifications),
    findEvent: createFindEvent(readContext),
    reportDisabled: createReportDisabled(context, webhooks, options.logger),
  }
}
