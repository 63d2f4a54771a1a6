import { STORE_ID_HEADER } from '@emailauth/contracts/store-id'
import { checkWrites } from '@emailauth/redis/check-writes'
import { observeRules } from '@emailauth/redis/rules/observe-rules'
import { serveBatches } from '@emailauth/rpc/server/batches'
import { buildServiceApp } from '@emailauth/service/http/app'
import type { ListenerOptions } from '@emailauth/service/http/listener'
import type { Logger } from '@emailauth/service/logging/logger'
import type { Scheduler } from '@emailauth/service/tasks/scheduler'
import { inSpan } from '@emailauth/service/telemetry/tracing'
import type { FastifyInstance } from 'fastify'
import { addApiKeyRoutes } from './api-keys/api-key.routes.ts'
import { addActRoutes } from './audit/act.routes.ts'
import { addDiagnosticsRoutes } from './diagnostics/diagnostics.routes.ts'
import { addEventRoutes } from './events/event.routes.ts'
import { addIdentityRoutes } from './identities/identity.routes.ts'
import { addKeyRingRoutes } from './key-ring/key-ring.routes.ts'
import type { Store } from './open-store.ts'
import { addPasskeyRoutes } from './passkeys/passkey.routes.ts'
import { addRegistrationRoutes } from './registration/registration.routes.ts'
import { addSessionRoutes } from './sessions/session.routes.ts'
import { addSignInRoutes } from './sign-ins/sign-in.routes.ts'
import { storeFault } from './store/faults.ts'
import { keys } from './store/keys.ts'
import { withReplicas } from './store/replicas.ts'
import { addStoreTime } from './store/store-time.routes.ts'
import { addTenantRoutes } from './tenants/tenant.routes.ts'
import { addVerificationRoutes } from './verification/verification.routes.ts'
import { addOutboxRoutes } from './webhooks/outbox.routes.ts'
import { addWebhookRoutes } from './webhooks/webhook.routes.ts'
import { addWebhookDeliveryRoutes } from './webhooks/webhook-delivery.routes.ts'

export interface PersistenceOptions {
  readonly store: Store
  readonly serviceToken: string
  /** The scheduler's rounds are counted in the service's metrics. */
  readonly scheduler?: Pick<Scheduler, 'measure'>
  readonly listener?: ListenerOptions
  readonly logger?: Logger
}

/** Builds the persistence service over an open store. It does not listen. */
export async function buildPersistence({
  store,
  serviceToken,
  scheduler,
  listener,
  logger,
}: PersistenceOptions): Promise<FastifyInstance> {
  return buildServiceApp({
    name: 'persistence',
    description: 'Identities, tenants and API keys in Redis. Only the gateway calls it.',
    serviceToken,
    listener,
    logger,
    readyChecks: [{ name: 'redis', check: () => checkStore(store) }],
    // A frame of a batch has none: it would cost each call, and other calls come often enough.
    replyHeaders: { [STORE_ID_HEADER]: store.context.storeId },
    translate: storeFault,
    routes: (app, metrics) => {
      const batches = serveBatches(app, { metrics, translate: storeFault })
      scheduler?.measure(metrics.registry)
      observeRules(store.context.redis, { registry: metrics.registry, inSpan })
      addStoreTime(app, batches, store.clock)
      addRegistrationRoutes(app, batches, store)
      addVerificationRoutes(app, batches, store)
      addIdentityRoutes(app, store)
      addTenantRoutes(app, store)
      addApiKeyRoutes(app, store)
      addSessionRoutes(app, store)
      addSignInRoutes(app, store.signIns)
      addPasskeyRoutes(app, store)
      addEventRoutes(app, store)
      addActRoutes(app, store.audit)
      addKeyRingRoutes(app, store.keyRing)
      addWebhookRoutes(app, store)
      addWebhookDeliveryRoutes(app, store)
      addOutboxRoutes(app, store)
      addDiagnosticsRoutes(app, store)
    },
  })
}

/**
 * Whether a call would be answered: Redis takes writes, as many replicas as are asked for get them, and it
 * has our data.
 */
async function checkStore({ context: { redis, replicas }, requireSameStore }: Store): Promise<void> {
  const key = keys.readiness
  await withReplicas(redis, key, replicas, () => checkWrites(redis, key))
  await requireSameStore()
}
