import { z } from 'zod'
import { BATCH_MAX, callId, EMAIL_MAX_LENGTH, identityId, moment, pageLength, tenantId } from './common.ts'
import { deliveryReason } from './delivery-reason.ts'
import { ADMIN_EVENT_TYPES, EVENT_TYPES, IDENTITY_EVENT_TYPES } from './event-types.ts'
import { sessionId } from './sessions.ts'

export const identityEventType = z.enum(IDENTITY_EVENT_TYPES)
export const adminEventType = z.enum(ADMIN_EVENT_TYPES)
export type AdminEventType = z.infer<typeof adminEventType>

export const eventType = z.enum(EVENT_TYPES)
export type EventType = z.infer<typeof eventType>

/** Acts of admins at the mailer. The gateway records them before it calls the mailer. */
export const mailActType = adminEventType.extract([
  'mail.tested',
  'messages.retried',
  'message.dropped',
  'suppression.added',
  'suppression.cleared',
  'webhook.replayed',
  'webhook.tested',
])

/** Who did something: an API key, by its id, or an admin who signed in, by address. */
export const actor = z
  .object({ kind: z.enum(['api-key', 'admin', 'system']), id: z.string().max(400) })
  .meta({ id: 'Actor' })
export type Actor = z.infer<typeof actor>

/** `POST /v1/acts`, with the actor's header: an act of an admin at the mailer. */
export const mailAct = z
  .object({
    type: mailActType,
    tenantId: tenantId.nullable().describe('null: it is about the mails of several tenants'),
    target: z.string().max(200).describe('The id of the identity or tenant, or how many'),
    email: z.string().max(EMAIL_MAX_LENGTH).optional().describe('The address that it is about'),
  })
  .meta({ id: 'MailAct' })
export type MailAct = z.infer<typeof mailAct>

/**
 * The actor of a call. `sessionId`: the admin's session, whose acts are refused once it has ended. Gateways
 * of earlier versions do not name it.
 */
export const callingActor = actor.extend({ sessionId: sessionId.optional() })
export type CallingActor = z.infer<typeof callingActor>

/**
 * The gateway's header for the actor: `kind id`, with the id percent-encoded, and `sessionId` behind it where
 * there is one. Absent: the system itself.
 */
export const ACTOR_HEADER = 'x-emailauth-actor'

/** Longer values of a change are cut off. */
export const CHANGE_MAX_LENGTH = 300

/**
 * A position in the order of events. Cursors sort as text in the order of their events. A client that has
 * seen one has seen all that sort before it. `0` sorts before all of them.
 */
export const eventCursor = z
  .string()
  .regex(/^(0|[0-9a-f]{12}-[0-9a-f]{8}-[a-z0-9*.-]{1,50})$/, 'not a cursor of an event')

/** One changed setting, with secrets left out. A value that is no text is JSON. */
export const eventChange = z
  .object({
    field: z.string().max(80).describe('As a dotted path, such as `settings.ttlSeconds`'),
    before: z.string().max(CHANGE_MAX_LENGTH).nullable().describe('null: it was not set'),
    after: z.string().max(CHANGE_MAX_LENGTH).nullable().describe('null: it is not set any more'),
  })
  .meta({ id: 'EventChange' })
export type EventChange = z.infer<typeof eventChange>

export const event = z
  .object({
    cursor: eventCursor,
    type: eventType,
    at: moment.describe('When it was recorded; an expiry is recorded within seconds'),
    tenantId: tenantId.nullable().describe('null: it is about no tenant, such as an admin key'),
    identityId: identityId.nullable(),
    email: z
      .string()
      .nullable()
      .describe('With registered and resent, and with what admins do about an address'),
    actor: actor.nullable().describe('With what admins do, and with revoked'),
    target: z
      .string()
      .nullable()
      .describe(
        'With what admins do: the id of the key, session, tenant or identity; with webhook.disabled: of the endpoint',
      ),
    changes: z
      .array(eventChange)
      .max(60)
      .nullable()
      .describe('What was changed of a tenant or of a webhook endpoint'),
    relay: z
      .string()
      .nullable()
      .describe('With sent, deferred, bounced and rejected: host and port of the SMTP server'),
    reply: z.string().nullable().describe('With the same: what it replied, cut off if long'),
    // Events that a service of an earlier version sends or has kept have none.
    reason: deliveryReason
      .nullable()
      .default(null)
      .describe('With deferred, bounced and rejected: the class of what went wrong'),
    requestId: z
      .string()
      .nullable()
      .describe('With registered and resent: the request that caused it, as `x-request-id` names it'),
  })
  .meta({ id: 'Event' })
export type Event = z.infer<typeof event>

const types = z
  .string()
  .transform((list) => list.split(','))
  .pipe(z.array(eventType))

/**
 * `GET /v1/events`: newest first, or oldest first from `after`. With `Accept: text/event-stream` the reply is
 * live: the events after `Last-Event-ID` or `after`, then new ones as they happen. Without either it begins
 * now.
 */
export const eventListQuery = z.object({
  tenantId: tenantId.optional().describe('Absent: of all tenants'),
  audit: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('Whether what admins did is among them'),
  types: types.optional().describe('Only these, comma-separated'),
  identityId: identityId.optional().describe('Only those of this identity, which may be gone'),
  actorId: z.string().min(1).max(400).optional().describe('Only what this actor did'),
  requestId: callId.optional().describe('Only what this request caused. Other bounds are ignored'),
  first: pageLength,
  before: eventCursor.optional().describe('Only older ones: the page after a page'),
  after: eventCursor.optional().describe('Only newer ones, oldest first'),
})

export const eventPage = z
  .object({
    events: z.array(event),
    hasMore: z.boolean(),
    endCursor: eventCursor.nullable().describe('The next page begins here; null where nothing was there'),
  })
  .meta({ id: 'EventPage' })
export type EventPage = z.infer<typeof eventPage>

/** Longer replies of SMTP servers are cut off in events. */
export const EVENT_REPLY_MAX_LENGTH = 300

const reportedRelay = z.string().max(260).optional().describe('Host and port of the SMTP server')
const reportedReply = z.string().max(EVENT_REPLY_MAX_LENGTH).optional().describe('What it replied')

const reportedReason = deliveryReason.optional().describe('Counted; absent counts as `other`')

/** What an event keeps of an SMTP server's reply, and the reason's class, which the statistics count too. */
export const deliveryDetail = z.object({
  relay: reportedRelay,
  reply: reportedReply,
  reason: reportedReason,
})
export type DeliveryDetail = z.infer<typeof deliveryDetail>

/**
 * `POST /v1/events`: delivery outcomes. The gateway reports them after the send call, or later with the
 * message's id. A repeated report of one message counts once. `rejected` ends the identity.
 */
export const deliveryReport = z
  .object({
    type: z.enum(['sent', 'deferred', 'rejected', 'bounced']),
    identityId,
    messageId: z
      .string()
      .min(1)
      .max(120)
      .optional()
      .describe('Which mail of the identity; with what the queue did later, and with deferred'),
    ...deliveryDetail.shape,
  })
  .meta({ id: 'DeliveryReport' })
export type DeliveryReport = z.infer<typeof deliveryReport>
export const deliveryReports = z.object({ reports: z.array(deliveryReport).min(1).max(BATCH_MAX) })
