import { createScheduler } from '@emailauth/service/tasks/scheduler'
import type { Registry } from 'prom-client'
import { createCallers } from './access/caller.ts'
import { createAdminEmails } from './auth/admin-emails.ts'
import { createKnownBrowsers } from './auth/known-browsers.ts'
import { createPasskeyCeremonies } from './auth/passkey-ceremonies.ts'
import { createRelyingParty } from './auth/relying-party.ts'
import { createSessions } from './auth/sessions.ts'
import { createSignInMails } from './auth/sign-in-mails.ts'
import { createSignIns } from './auth/sign-ins.ts'
import { createDeliveryReports } from './events/delivery-reports.ts'
import { createEventFeed } from './events/event-feed.ts'
import { reportOutcomes } from './events/report-outcomes.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { createReadTurns } from './graphql/limits/read-limits.ts'
import { createOutcomeCounter } from './graphql/outcomes/outcome-metrics.ts'
import { createRegistrations } from './registration/registrations.ts'
import { createFairTurns } from './services/fair-turns.ts'
import { measureTurns } from './services/fair-turns-metrics.ts'
import type { Mailer } from './services/mailer/mailer-client.ts'
import type { Persistence } from './services/persistence/persistence-client.ts'
import { createTenantDirectory } from './tenants/tenant-directory.ts'
import { createVerifications } from './verification/verifications.ts'
import { handOverEvents } from './webhooks/hand-over-events.ts'

interface Clients {
  readonly persistence: Persistence
  readonly mailer: Mailer
  readonly registry: Registry
  /** The first seals what browsers keep; all of them open it. */
  readonly serviceTokens: readonly string[]
}

/**
 * Composes what resolvers and routes work with on the clients of the two services. It also starts the work in
 * the background.
 */
export function composeServices(
  options: GatewayOptions,
  { persistence, mailer, registry, serviceTokens }: Clients,
) {
  const { logger, mailSignIn = 'always' } = options
  const tenants = createTenantDirectory(persistence)
  const deliveries = createDeliveryReports(persistence, logger)
  const turns = createFairTurns()
  measureTurns(registry, turns)
  const registrations = createRegistrations({ persistence, mailer, tenants, deliveries, turns, logger })
  const events = createEventFeed(persistence, logger)
  const adminEmails = createAdminEmails(options.adminEmails ?? [], options.readOnlyAdminEmails)
  const signInMails = createSignInMails({
    adminEmails,
    persistence,
    mailer,
    mailSignIn,
    logger,
    delayMs: options.signInDelayMs,
  })
  const scheduler = createScheduler({ logger })
  scheduler.measure(registry)
  scheduler.add(reportOutcomes({ mailer, persistence }))
  for (const task of handOverEvents({ mailer, persistence, registry })) scheduler.add(task)
  const services = {
    registrations,
    verifications: createVerifications(persistence, mailer, turns),
    persistence,
    mailer,
    tenants,
    callers: createCallers(persistence),
    sessions: createSessions(persistence, adminEmails, logger),
    signIns: createSignIns({
      adminEmails,
      persistence,
      mailer,
      mails: signInMails,
      mailSignIn,
      serviceTokens,
    }),
    passkeys: createPasskeyCeremonies({
      adminEmails,
      persistence,
      serviceTokens,
      relyingParty: createRelyingParty(options.publicUrl),
      mailSignIn,
    }),
    knownBrowsers: createKnownBrowsers(serviceTokens),
    adminEmails,
    events,
    countOutcome: createOutcomeCounter(registry),
    production: options.production,
    readTurns: createReadTurns(),
  }
  return {
    services,
    /** Ends subscriptions and background work. */
    async stop() {
      events.close()
      await Promise.all([scheduler.close(), signInMails.close()])
    },
    /** Sends what calls have left to report. */
    flush: () => deliveries.close(),
  }
}
