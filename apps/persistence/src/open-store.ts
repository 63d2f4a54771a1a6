import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import { createReadLane, type ReadLane } from '@emailauth/service/http/read-lane'
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
import { type ContextOptions, type OpenContext, openContext } from './open-context.ts'
import { createPasskeyStore, type PasskeyStore } from './passkeys/passkey-store.ts'
import { createRefundMail, type RefundMail } from './registration/refund-mail.ts'
import { createRegister, type Register } from './registration/register.ts'
import { createResend, type Resend } from './registration/resend.ts'
import { createSessionStore, type SessionStore } from './sessions/session-store.ts'
import { createSignInStore, type SignInStore } from './sign-ins/sign-in-store.ts'
import type { DuePartitions } from './store/due-partitions.ts'
import { cursorAt, readWatermark } from './store/event-streams.ts'
import { createFindIdentity, type FindIdentity } from './store/find-identity.ts'
import type { StoreContext } from './store/partition.ts'
import type { RedisClock } from './store/redis-clock.ts'
import { createRequireSameStore, type RequireSameStore } from './store/same-store.ts'
import { replicatedTenants } from './tenants/replicated-tenants.ts'
import { createSmtpUrlKeeping, type SmtpUrlKeeping } from './tenants/reseal-smtp-urls.ts'
import { createTenantList } from './tenants/tenant-list.ts'
import { createTenantStore, type TenantStore } from './tenants/tenant-store.ts'
import { createTestIdentities } from './test-mode/test-identities.ts'
import { createExchange, type Exchange } from './verification/exchange.ts'
import { createVerify, type Verify } from './verification/verify.ts'
import type { WebhookUrlRules } from './webhooks/check-url.ts'
import { createWebhookOutbox, type WebhookOutbox } from './webhooks/outbox.ts'
import { createReportDisabled, type ReportDisabled } from './webhooks/report-disabled.ts'
import { createWebhookKeeping, type WebhookKeeping } from './webhooks/reseal-webhooks.ts'
import { createWebhookRecords } from './webhooks/webhook-records.ts'
import { createWebhookStore, type WebhookStore } from './webhooks/webhook-store.ts'

/** Everything that the routes need from Redis. */
export interface Store {
  readonly register: Register
  readonly resend: Resend
  readonly refundMail: RefundMail
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
  readonly webhooks: WebhookStore & WebhookKeeping
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
  readonly requireSameStore: RequireSameStore
  /** The time of Redis in Unix milliseconds, for what is not decided in a rule. */
  readonly time: () => number
}

export interface StoreOptions extends ContextOptions {
  /** Whether a tenant may use an SMTP server with a private address. Absent: no. */
  readonly allowPrivateSmtp?: boolean
  /** Whether a tenant may use an SMTP server on the Internet without TLS. Absent: no. */
  readonly allowPlaintextSmtp?: boolean
  /** Where webhooks may go; absent: by https to public addresses. */
  readonly webhookRules?: WebhookUrlRules
  /** Called with each recorded act of an admin. */
  readonly onAct?: (act: NumberedAct) => void
}

/** Opens the store in Redis. The first use writes its metadata. */
export async function openStore(options: StoreOptions): Promise<Store> {
  await options.ring.ready()
  const opened = await openContext(options)
  const { context, readContext, reads, clock, time, due, notifications, webhookTenants } = opened
  const { redis, ring } = context
  const lane = createReadLane()
  const keyRing = createKeyRingUse(redis, ring, time)
  await keyRing.note()
  const find = createFindIdentity(context)
  const remove = createRemoveIdentity(context, find)
  const testIdentities = createTestIdentities(context, find)
  const reservations = createReservations(context)
  const { tenants, smtpUrls } = await openTenants(options, opened)
  const { apiKeys, sessions, passkeys } = await openAccounts(opened)
  const webhooks = await openWebhooks(opened)
  const events = createEventLog(readContext, tenants, notifications)
  return {
    context,
    reservations,
    due,
    lane,
    reads,
    clock,
    time,
    requireSameStore: createRequireSameStore(context),
    register: lane.first(createRegister(context, testIdentities, reservations)),
    resend: lane.first(createResend(context, find)),
    refundMail: createRefundMail(context, find),
    verify: lane.first(createVerify(context, testIdentities, reservations)),
    exchange: lane.first(createExchange(context)),
    identities: {
      ...find,
      ...remove,
      list: createListIdentities(readContext, createFindIdentity(readContext)),
    },
    tenants,
    apiKeys,
    sessions,
    signIns: createSignInStore(context, passkeys),
    passkeys,
    events,
    reportDeliveries: createReportDeliveries(context, tenants, remove),
    readStatistics: createReadStatistics(readContext, tenants, time),
    audit: createAudit({
      redis,
      ring,
      laneKey: context.partitionKey,
      notifications,
      tenantOfKey: async (keyId) => (await apiKeys.get(keyId))?.tenantId ?? undefined,
      actorEnds: { keyHasEnded: apiKeys.hasEnded, sessionHasEnded: sessions.hasEnded },
      onAct: options.onAct,
    }),
    keyRing,
    smtpUrls,
    webhooks,
    webhookRules: options.webhookRules ?? { allowPrivate: false, allowPlaintext: false },
    outbox: createWebhookOutbox(readContext, webhookTenants, events, notifications),
    findEvent: createFindEvent(readContext),
    reportDisabled: createReportDisabled(context, webhooks, options.logger),
  }
}

/** Tenants, and the URLs of their own SMTP servers. Lists are read on the connection for reads. */
async function openTenants(options: StoreOptions, { context, reads, time: now }: OpenContext) {
  const { redis, ring, replicas, allowShortLives } = context
  const { allowPrivateSmtp = false, allowPlaintextSmtp = false } = options
  const mailerRing = deriveMailerRing(ring)
  const rules = { ring: mailerRing, allowPrivateSmtp, allowPlaintextSmtp, allowShortLives }
  const { list, ids } = createTenantList(reads)
  const tenants = replicatedTenants(redis, replicas, createTenantStore({ redis, now, ...rules }))
  const { unreadable } = createSmtpUrlKeeping(reads, mailerRing)
  const smtpUrls = { ...createSmtpUrlKeeping(redis, mailerRing), unreadable }
  await smtpUrls.reseal()
  return { tenants: { ...tenants, list, ids }, smtpUrls }
}

/** Who may call: API keys, sessions and passkeys. Lists are read on the connection for reads. */
async function openAccounts({ context, reads, time: now }: OpenContext) {
  const { redis, ring, replicas } = context
  const accounts = { ring, replicas, now }
  const { list, page } = createApiKeyStore({ redis: reads, ...accounts })
  const passkeys = createPasskeyStore({ redis, addressKey: context.partitionKey, ...accounts })
  await passkeys.reseal()
  return {
    apiKeys: { ...createApiKeyStore({ redis, ...accounts }), list, page },
    sessions: {
      ...createSessionStore({ redis, ...accounts }),
      page: createSessionStore({ redis: reads, ...accounts }).page,
    },
    passkeys,
  }
}

async function openWebhooks({ context, time: now, notifications, webhookTenants }: OpenContext) {
  const { redis, replicas } = context
  const ring = deriveMailerRing(context.ring)
  const records = createWebhookRecords({ redis, ring, replicas, notifications, now })
  const store = createWebhookStore({
    redis,
    ring,
    replicas,
    records,
    tenants: webhookTenants,
    newestCursor: async () => cursorAt(await readWatermark(context)),
    now,
  })
  const webhooks = { ...store, ...createWebhookKeeping(ring, webhookTenants, records) }
  await webhooks.reseal()
  return webhooks
}
