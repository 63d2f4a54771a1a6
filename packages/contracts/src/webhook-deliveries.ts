import { z } from 'zod'
import { moment, pageLength } from './common.ts'
import { event, eventCursor } from './events.ts'
import { PAGE_MAX } from './page-length.ts'
import { outboxEntry, sealedWebhook, webhookDisabledReason, webhookId, webhookVersion } from './webhooks.ts'

/** `POST /v1/webhooks/hand-over`: what the outbox has for the mailer. Repeated, it changes nothing. */
export const webhookHandOver = z
  .object({
    entries: z.array(outboxEntry.pick({ tenantId: true, webhooks: true, events: true })),
    deleted: z.array(webhookId),
  })
  .meta({ id: 'WebhookHandOver' })
export type WebhookHandOver = z.infer<typeof webhookHandOver>

/** `delivered`: it answered 2xx. `retrying`: it is tried again. `failed`: it was the last attempt. */
export const webhookOutcome = z.enum(['delivered', 'retrying', 'failed'])
export type WebhookOutcome = z.infer<typeof webhookOutcome>

/** One attempt to deliver one event. */
export const webhookAttempt = z
  .object({
    eventId: z.string(),
    type: z.string().describe('The type of the event, as its body says it'),
    at: moment.describe('When the attempt began'),
    attempt: z.number().int().min(1).describe('1 for the first one of an event'),
    outcome: webhookOutcome,
    status: z.number().int().nullable().describe('The HTTP status that was answered; null: none was'),
    durationMs: z.number().int().min(0),
    error: z.string().nullable().describe('In a sentence; null: it was delivered'),
    nextAttemptAt: moment.nullable(),
  })
  .meta({ id: 'WebhookAttempt' })
export type WebhookAttempt = z.infer<typeof webhookAttempt>

export const attemptCursor = z.string().regex(/^\d{1,16}-\d{1,20}$/, 'not the cursor of an attempt')

/** `GET /v1/webhooks/:id/attempts`: newest first; the last 1,000, for a week. */
export const attemptListQuery = z.object({
  first: pageLength,
  after: attemptCursor.optional(),
})
export const attemptPage = z
  .object({
    attempts: z.array(webhookAttempt.extend({ cursor: attemptCursor })),
    nextAfter: attemptCursor.nullable(),
  })
  .meta({ id: 'WebhookAttemptPage' })
export type AttemptPage = z.infer<typeof attemptPage>

/** State of an endpoint. */
export const webhookState = z
  .object({
    id: webhookId,
    waiting: z.number().int().describe('Events that wait for an attempt'),
    failed: z.number().int().describe('Events that were given up, and can be sent again'),
    failingSince: moment.nullable().describe('The first failure since the last success'),
    lastSuccessAt: moment.nullable(),
  })
  .meta({ id: 'WebhookState' })
export type WebhookState = z.infer<typeof webhookState>

/** `POST /v1/webhooks/states` */
export const webhookStatesRequest = z.object({ ids: z.array(webhookId).min(1).max(PAGE_MAX) })
export const webhookStates = z.object({ states: z.array(webhookState) })

/** Of those that were given up, so many are sent again in one request. */
export const REPLAYS_MAX = 1000

/** `POST /v1/webhooks/:id/replays`: these events, or all that were given up since then. */
export const replayRequest = z
  .object({
    webhook: sealedWebhook,
    eventIds: z.array(eventCursor).max(PAGE_MAX).default([]).describe('Of events that were given up'),
    events: z.array(event).max(PAGE_MAX).default([]).describe('Sent again whatever became of them'),
    since: moment.optional().describe('All that were given up since then'),
  })
  .meta({ id: 'WebhookReplayRequest' })
export type ReplayRequest = z.input<typeof replayRequest>

export const replayReply = z.object({
  eventIds: z.array(z.string()).describe('The events that are sent again now'),
})

/** `POST /v1/webhooks/:id/test`: one attempt at once, without retries. */
export const webhookTestRequest = z.object({ webhook: sealedWebhook, event })

/** Endpoints in one list of failures, so that one acknowledgement can name them all. */
export const WEBHOOK_FAILURES_MAX = 200

/**
 * `GET /v1/webhooks/failures`: endpoints to which nothing gets through. Others follow once these are
 * acknowledged.
 */
export const webhookFailures = z.object({
  failures: z
    .array(
      z.object({
        id: webhookId,
        version: webhookVersion,
        reason: webhookDisabledReason.exclude(['manual']),
      }),
    )
    .max(WEBHOOK_FAILURES_MAX),
})
export type WebhookFailure = z.infer<typeof webhookFailures>['failures'][number]

/** `POST /v1/webhooks/failures/acknowledge`: these are disabled now, or have changed since they failed. */
export const webhookFailuresAcknowledgement = z.object({
  failures: z
    .array(z.object({ id: webhookId, version: webhookVersion }))
    .min(1)
    .max(WEBHOOK_FAILURES_MAX),
})
