import type { Call, RequestOptions } from './call.ts'
import {
  CREATE_WEBHOOK_ENDPOINT,
  DELETE_WEBHOOK_ENDPOINT,
  REPLAY_WEBHOOK_EVENTS,
  ROTATE_WEBHOOK_SECRET,
  SEND_TEST_EVENT,
  UPDATE_WEBHOOK_ENDPOINT,
  WEBHOOK_ATTEMPTS,
  WEBHOOK_ENDPOINT,
  WEBHOOK_ENDPOINTS,
} from './generated/documents.ts'
import type { WebhookAttempt, WebhookEndpoint, WebhookSecret } from './generated/objects.ts'
import type {
  CreateWebhookEndpointInput,
  ReplayWebhookEventsInput,
  UpdateWebhookEndpointInput,
} from './generated/operations.ts'
import type { Page } from './mails.ts'

export interface AttemptPageOptions {
  readonly endpointId: string
  /** Size of a page, 1 to 200; 50 without it. */
  readonly first?: number | undefined
  /** The `pageInfo.endCursor` of the page before. */
  readonly after?: string | undefined
}

/** Webhook endpoints: of the key's own tenant, or with an admin key of any. */
export interface WebhookEndpoints {
  /** At most 20, oldest first. An admin key names the tenant. */
  list(tenantId?: string, options?: RequestOptions): Promise<readonly WebhookEndpoint[]>
  /** null when there is none of this id. */
  get(id: string, options?: RequestOptions): Promise<WebhookEndpoint | null>
  /** The answer carries the secret; only a rotation shows another one. */
  create(input: CreateWebhookEndpointInput, options?: RequestOptions): Promise<WebhookSecret>
  /**
   * null when there is none of this id. With `ifVersion`, the `version` that you have read, nobody else's
   * change is overwritten: an `InputError` with `currentVersion` instead.
   */
  update(input: UpdateWebhookEndpointInput, options?: RequestOptions): Promise<WebhookEndpoint | null>
  /** With what waits for it. false when there was none of this id. */
  delete(id: string, options?: RequestOptions): Promise<boolean>
  /**
   * A new secret. The one before signs beside it for `overlapSeconds` (default: a day). null when there is no
   * endpoint of this id.
   */
  rotateSecret(id: string, overlapSeconds?: number, options?: RequestOptions): Promise<WebhookSecret | null>
  /** Attempts to deliver events, newest first: the last 1,000, for a week. */
  attempts(page: AttemptPageOptions, options?: RequestOptions): Promise<Page<WebhookAttempt>>
  /** Sends events again and returns their ids. null when there is no endpoint of this id. */
  replay(input: ReplayWebhookEventsInput, options?: RequestOptions): Promise<readonly string[] | null>
  /** Posts a test event at once. null when there is no endpoint of this id. */
  sendTestEvent(endpointId: string, options?: RequestOptions): Promise<WebhookAttempt | null>
}

export function webhookEndpointCalls(call: Call): WebhookEndpoints {
  return {
    list: (tenantId, options) => call.read('webhookEndpoints', WEBHOOK_ENDPOINTS, { tenantId }, options),
    get: (id, options) => call.read('webhookEndpoint', WEBHOOK_ENDPOINT, { id }, options),
    create: (input, options) =>
      call.once('createWebhookEndpoint', CREATE_WEBHOOK_ENDPOINT, { input }, options),
    update: (input, options) =>
      call
        .once<{ readonly endpoint: WebhookEndpoint | null }>(
          'updateWebhookEndpoint',
          UPDATE_WEBHOOK_ENDPOINT,
          { input },
          options,
        )
        .then(({ endpoint }) => endpoint),
    delete: (id, options) =>
      call
        .once<{ readonly deleted: boolean }>(
          'deleteWebhookEndpoint',
          DELETE_WEBHOOK_ENDPOINT,
          { input: { id } },
          options,
        )
        .then(({ deleted }) => deleted),
    async rotateSecret(id, overlapSeconds, options) {
      const input = { id, ...(overlapSeconds === undefined ? {} : { overlapSeconds }) }
      const { endpoint, secret } = await call.once<{
        readonly endpoint: WebhookEndpoint | null
        readonly secret: string | null
      }>('rotateWebhookSecret', ROTATE_WEBHOOK_SECRET, { input }, options)
      return endpoint === null || secret === null ? null : { endpoint, secret }
    },
    attempts: (page, options) => call.read('webhookAttempts', WEBHOOK_ATTEMPTS, { ...page }, options),
    replay: (input, options) =>
      call
        .once<{ readonly eventIds: readonly string[] | null }>(
          'replayWebhookEvents',
          REPLAY_WEBHOOK_EVENTS,
          { input },
          options,
        )
        .then(({ eventIds }) => eventIds),
    sendTestEvent: (endpointId, options) =>
      call
        .once<{ readonly attempt: WebhookAttempt | null }>(
          'sendTestEvent',
          SEND_TEST_EVENT,
          { input: { endpointId } },
          options,
        )
        .then(({ attempt }) => attempt),
  }
}
