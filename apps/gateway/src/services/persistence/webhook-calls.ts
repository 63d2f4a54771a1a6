import { type CallingActor, type Event, event as eventShape } from '@emailauth/contracts/events'
import type { WebhookFailure } from '@emailauth/contracts/webhook-deliveries'
import {
  type Outbox,
  type OutboxAcknowledgement,
  outbox as outboxShape,
  type SealedWebhook,
  sealedWebhook,
  type WebhookCreateRequest,
  type WebhookEndpoint,
  type WebhookPage,
  type WebhookPageQuery,
  type WebhookUpdateRequest,
  type WebhookWithSecret,
  webhookEndpoint,
  webhookList,
  webhookPage,
  webhookWithSecret,
} from '@emailauth/contracts/webhooks'
import { existed, orUndefined } from '@emailauth/rpc/client/absent'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { z } from 'zod'
import { type LongPollWait, longPollOptions } from '../long-poll.ts'

/** Webhook endpoints of tenants, and what happened for them. `undefined`: there is no such endpoint. */
export interface WebhookCalls {
  webhooks(tenantId: string): Promise<readonly WebhookEndpoint[]>
  /** Those of all tenants, or of one: by tenant, oldest first. */
  webhookPage(query: WebhookPageQuery): Promise<WebhookPage>
  webhook(id: string): Promise<WebhookEndpoint | undefined>
  /** As the mailer needs it; URL and secrets stay sealed. */
  sealedWebhook(id: string): Promise<SealedWebhook | undefined>
  /**
   * @throws {ProblemError} `bad-input` for a URL that is not allowed, `conflict` when the tenant has too
   * many.
   */
  createWebhook(request: WebhookCreateRequest, actor: CallingActor): Promise<WebhookWithSecret>
  updateWebhook(
    id: string,
    request: WebhookUpdateRequest,
    actor: CallingActor,
  ): Promise<WebhookEndpoint | undefined>
  rotateWebhook(
    id: string,
    overlapSeconds: number,
    actor: CallingActor,
  ): Promise<WebhookWithSecret | undefined>
  /** false: there was none. */
  deleteWebhook(id: string, actor: CallingActor): Promise<boolean>
  /** Disables it with an event; repeated, or when it has changed since, it does nothing. */
  giveUpWebhook(failure: WebhookFailure): Promise<void>
  /** undefined: it is not kept any more. */
  eventAt(tenantId: string, cursor: string): Promise<Event | undefined>
  /** What no other gateway is given for a while. It waits until there is something. */
  leaseOutbox(wait: LongPollWait): Promise<Outbox>
  acknowledgeOutbox(done: OutboxAcknowledgement): Promise<void>
}

/** @param reads other connections than those of calls that `register` and `verify` wait for */
export function webhookCalls(rpc: RpcClient, reads: RpcClient): WebhookCalls {
  const get = <Body>(path: string, reply: z.ZodType<Body>) => reads.call({ method: 'GET', path, reply })
  const post = <Body>(path: string, body: unknown, reply: z.ZodType<Body>, actor?: CallingActor) =>
    rpc.call({ method: 'POST', path, body, reply, actor })
  const at = (id: string) => `/v1/webhooks/${encodeURIComponent(id)}`

  return {
    async webhooks(tenantId) {
      const path = `/v1/webhooks?${new URLSearchParams({ tenantId })}`
      return bodyOf(await get(path, webhookList)).webhooks
    },
    async webhookPage({ first, tenantId, after }) {
      const query = new URLSearchParams({ first: String(first) })
      if (tenantId !== undefined) query.set('tenantId', tenantId)
      if (after !== undefined) query.set('after', after)
      const path = `/v1/webhooks/all?${query}`
      return bodyOf(await get(path, webhookPage))
    },
    webhook: async (id) => orUndefined(await get(at(id), webhookEndpoint)),
    sealedWebhook: async (id) => orUndefined(await get(`${at(id)}/sealed`, sealedWebhook)),
    createWebhook: async (request, actor) =>
      bodyOf(await post('/v1/webhooks', request, webhookWithSecret, actor)),
    updateWebhook: async (id, body, actor) =>
      orUndefined(await rpc.call({ method: 'PATCH', path: at(id), body, reply: webhookEndpoint, actor })),
    rotateWebhook: async (id, overlapSeconds, actor) =>
      orUndefined(await post(`${at(id)}/rotate`, { overlapSeconds }, webhookWithSecret, actor)),
    deleteWebhook: async (id, actor) =>
      existed(await rpc.call({ method: 'DELETE', path: at(id), reply: z.undefined(), actor })),
    async giveUpWebhook({ id, ...failure }) {
      bodyOf(await post(`${at(id)}/give-up`, failure, z.undefined()))
    },
    async eventAt(tenantId, cursor) {
      const path = `/v1/tenants/${encodeURIComponent(tenantId)}/events/${encodeURIComponent(cursor)}`
      return orUndefined(await get(path, eventShape))
    },
    leaseOutbox: async (wait) => {
      const path = `/v1/webhook-outbox/lease?waitSeconds=${wait.waitSeconds}`
      const call = { method: 'POST', path, reply: outboxShape, ...longPollOptions(wait) } as const
      return bodyOf(await reads.call(call))
    },
    async acknowledgeOutbox(body) {
      const path = '/v1/webhook-outbox/acknowledge'
      bodyOf(await reads.call({ method: 'POST', path, body, reply: z.undefined() }))
    },
  }
}
