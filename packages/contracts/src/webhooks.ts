import { z } from 'zod'
import { ifVersion, line, moment, overlapSeconds, tenantId } from './common.ts'
import { WEBHOOK_EVENT_TYPES } from './event-types.ts'
import { event, eventCursor } from './events.ts'
import { hasHost, URL_HOST_RULE } from './url-host.ts'

/** An endpoint's id: the tenant's id, a dot, `wh_` and 16 characters. */
export const webhookId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}\.wh_[0-9a-z]{16}$/, 'not the id of a webhook endpoint')
  .meta({ id: 'WebhookId', examples: ['demo.wh_7k2m9q4t1x0c5v8b'] })

/** The tenant that an endpoint belongs to. */
export const tenantOfWebhook = (id: string): string => id.slice(0, id.indexOf('.'))

export const webhookEventType = z.enum(WEBHOOK_EVENT_TYPES)
export type WebhookEventType = z.infer<typeof webhookEventType>

/** Most endpoints of one tenant. */
export const WEBHOOKS_PER_TENANT = 20
/** Longest URL of an endpoint, in characters. */
export const WEBHOOK_URL_MAX_LENGTH = 2048
/** Most secrets that sign at a time: the newest, and older ones in their overlap. */
export const WEBHOOK_SECRETS_MAX = 3

/** An absolute URL of http or https without user, password or fragment; normalised as browsers do. */
export const webhookUrl = z
  .string()
  .trim()
  .max(WEBHOOK_URL_MAX_LENGTH)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const fits =
      url !== undefined &&
      /^https?:$/.test(url.protocol) &&
      url.username === '' &&
      url.password === '' &&
      url.hash === '' &&
      url.href.length <= WEBHOOK_URL_MAX_LENGTH
    if (fits && hasHost(url.href)) return url.href
    const rule = 'must be a URL of https without user, password or fragment'
    context.addIssue({ code: 'custom', message: fits ? URL_HOST_RULE : rule })
    return z.NEVER
  })

/**
 * Why an endpoint gets nothing. manual: somebody disabled it. failing: for days nothing got through. gone:
 * it answered 410.
 */
export const webhookDisabledReason = z.enum(['manual', 'failing', 'gone'])
export type WebhookDisabledReason = z.infer<typeof webhookDisabledReason>

export const webhookVersion = z.number().int().min(1).describe('Grows with each change')

/** An endpoint as it is listed: never its secrets. */
export const webhookEndpoint = z
  .object({
    id: webhookId,
    tenantId,
    version: webhookVersion,
    url: z.string(),
    description: z.string().nullable(),
    eventTypes: z.array(webhookEventType).nullable().describe('null: all of them'),
    createdAt: moment,
    updatedAt: moment,
    disabledAt: moment.nullable(),
    disabledReason: webhookDisabledReason.nullable(),
    previousSecretUntil: moment
      .nullable()
      .describe('Until then the secret before signs beside the newest; null: the newest alone signs'),
  })
  .meta({ id: 'WebhookEndpoint' })
export type WebhookEndpoint = z.infer<typeof webhookEndpoint>

/** The only shape that carries a secret, and the only moment it can be read. */
export const webhookWithSecret = z
  .object({ endpoint: webhookEndpoint, secret: z.string().describe('`whsec_` and 32 bytes in base64') })
  .meta({ id: 'WebhookWithSecret' })
export type WebhookWithSecret = z.infer<typeof webhookWithSecret>

const fields = {
  url: webhookUrl,
  description: line(80).nullable().optional(),
  eventTypes: z
    .array(webhookEventType)
    .min(1)
    .max(webhookEventType.options.length)
    .transform((types) => [...new Set(types)])
    .nullable()
    .optional()
    .describe('null or absent: all of them'),
}

/** `POST /v1/webhooks` */
export const webhookCreateRequest = z.object({ tenantId, ...fields }).meta({ id: 'WebhookCreateRequest' })
export type WebhookCreateRequest = z.infer<typeof webhookCreateRequest>

/** `PATCH /v1/webhooks/:id`: what is absent stays as it is. `enabled`: false stops it, true lets it go on. */
export const webhookUpdateRequest = z
  .object({ ...fields, enabled: z.boolean(), ifVersion })
  .partial()
  .meta({ id: 'WebhookUpdateRequest' })
export type WebhookUpdateRequest = z.infer<typeof webhookUpdateRequest>

/** `POST /v1/webhooks/:id/rotate`: a new secret. The one before signs beside it for the given time. */
export const webhookRotateRequest = z.object({ overlapSeconds }).meta({ id: 'WebhookRotateRequest' })

/** `POST /v1/webhooks/:id/give-up`: nothing was delivered for days, or the endpoint answered 410. */
export const webhookGiveUpRequest = z
  .object({
    reason: webhookDisabledReason.exclude(['manual']),
    version: webhookVersion.describe(
      'Of the endpoint that failed. It is ignored once the endpoint has changed',
    ),
  })
  .meta({ id: 'WebhookGiveUpRequest' })

export const webhookListQuery = z.object({ tenantId })
export const webhookList = z.object({ webhooks: z.array(webhookEndpoint) })

/** Most endpoints on a page of all tenants'. */
export const WEBHOOK_PAGE_MAX = 200

/**
 * Where an endpoint stands in the list of all: by tenant, then oldest first. A text that sorts by its
 * characters.
 */
export const webhookPosition = ({ tenantId, createdAt, id }: WebhookEndpoint): string =>
  `${tenantId} ${createdAt} ${id}`

/** `GET /v1/webhooks/all`: the endpoints of all tenants, or of one, in pages. */
export const webhookPageQuery = z.object({
  tenantId: tenantId.optional(),
  first: z.coerce.number().int().min(1).max(WEBHOOK_PAGE_MAX),
  after: z.string().max(200).optional().describe('The position after which the page begins'),
})
export type WebhookPageQuery = z.infer<typeof webhookPageQuery>
export const webhookPage = z.object({ webhooks: z.array(webhookEndpoint), hasMore: z.boolean() })
export type WebhookPage = z.infer<typeof webhookPage>

/** The additional data with which an endpoint's URL and secrets are sealed for the mailer. */
export const webhookAdditionalData = (id: string): string => `webhook:${id}`

/** What {@link webhookAdditionalData} seals, as JSON. */
export const webhookTarget = z.object({
  url: z.string(),
  secrets: z
    .array(z.object({ secret: z.string(), until: moment.nullable().describe('null: the newest one') }))
    .min(1)
    .max(WEBHOOK_SECRETS_MAX),
})
export type WebhookTarget = z.infer<typeof webhookTarget>

/**
 * An endpoint as the mailer needs it. URL and secrets stay sealed on their way: only the mailer opens them.
 */
export const sealedWebhook = z
  .object({
    id: webhookId,
    version: webhookVersion,
    enabled: z.boolean(),
    sealed: z.string().describe('A `WebhookTarget`, sealed for the mailer, in base64'),
  })
  .meta({ id: 'SealedWebhook' })
export type SealedWebhook = z.infer<typeof sealedWebhook>

/** One event and the endpoints that it is for. */
export const outboxEvent = z.object({ event, to: z.array(webhookId).min(1).max(WEBHOOKS_PER_TENANT) })
export type OutboxEvent = z.infer<typeof outboxEvent>

/** What one tenant has for the mailer. */
export const outboxEntry = z
  .object({
    tenantId,
    lease: z.string().describe('Names this hand-over; the acknowledgement says it again'),
    cursor: eventCursor.describe('All events up to it are among these'),
    webhooks: z.array(sealedWebhook).describe('Endpoints that changed, and those that events are for'),
    events: z.array(outboxEvent),
  })
  .meta({ id: 'OutboxEntry' })

/** How long leased events are given to no other caller. */
export const OUTBOX_LEASE_SECONDS = 15
/** Most events in one lease, of all tenants together. */
export const OUTBOX_EVENTS_MAX = 500

/**
 * `POST /v1/webhook-outbox/lease`: what happened, for the mailer to deliver, and which endpoints are
 * deleted.
 */
export const outbox = z
  .object({ entries: z.array(outboxEntry), deleted: z.array(webhookId) })
  .meta({ id: 'Outbox' })
export type Outbox = z.infer<typeof outbox>

/** `POST /v1/webhook-outbox/acknowledge`: the mailer has these. */
export const outboxAcknowledgement = z
  .object({
    entries: z.array(
      outboxEntry
        .pick({ tenantId: true, lease: true, cursor: true })
        .extend({ versions: z.array(z.object({ id: webhookId, version: z.number().int() })) }),
    ),
    deleted: z.array(webhookId),
  })
  .meta({ id: 'OutboxAcknowledgement' })
export type OutboxAcknowledgement = z.infer<typeof outboxAcknowledgement>
