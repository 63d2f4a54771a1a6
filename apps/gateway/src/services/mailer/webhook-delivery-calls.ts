import type { Event } from '@emailauth/contracts/events'
import {
  type AttemptPage,
  attemptPage,
  type ReplayRequest,
  replayReply,
  type WebhookAttempt,
  type WebhookFailure,
  type WebhookHandOver,
  type WebhookState,
  webhookAttempt,
  webhookFailures,
  webhookStates,
} from '@emailauth/contracts/webhook-deliveries'
import { type SealedWebhook, tenantOfWebhook } from '@emailauth/contracts/webhooks'
import { createGather } from '@emailauth/gather/gather'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import { z } from 'zod'
import { type LongPollWait, longPollOptions } from '../long-poll.ts'
import type { SlowCalls } from './slow-calls.ts'

/** Deliveries of webhooks, at the mailer. */
export interface WebhookDeliveryCalls {
  /** When it returns the mailer has all of it. Repeated, it changes nothing. */
  handOverWebhooks(handOver: WebhookHandOver): Promise<void>
  /** Waits until there is one. */
  webhookFailures(wait: LongPollWait): Promise<readonly WebhookFailure[]>
  /** Reports that these endpoints are disabled now. */
  acknowledgeWebhookFailures(failures: readonly WebhookFailure[]): Promise<void>
  /** The state of deliveries to an endpoint. Look-ups of one turn share one request. */
  webhookState(id: string): Promise<WebhookState>
  webhookAttempts(id: string, first: number, after: string | undefined): Promise<AttemptPage>
  /** The ids of the events that are sent again. */
  replayWebhookEvents(id: string, request: ReplayRequest): Promise<readonly string[]>
  /** One attempt at once. */
  testWebhook(webhook: SealedWebhook, event: Event): Promise<WebhookAttempt>
}

const IDS_PER_CALL = 200
/** An attempt with a test event takes 8 s at most. */
const TEST_TIMEOUT_MS = 9500

export function webhookDeliveryCalls(rpc: RpcClient, slow: SlowCalls): WebhookDeliveryCalls {
  const post = <Body>(path: string, body: unknown, reply: z.ZodType<Body>) =>
    rpc.call({ method: 'POST', path, body, reply })
  const at = (id: string) => `/v1/webhooks/${encodeURIComponent(id)}`

  const states = createGather<string, WebhookState>({
    max: IDS_PER_CALL,
    until: 'turn',
    async run(ids) {
      const call = {
        method: 'POST',
        path: '/v1/webhooks/states',
        body: { ids },
        reply: webhookStates,
      } as const
      const found = bodyOf(await rpc.call({ ...call, isIdempotent: true })).states
      const byId = new Map(found.map((state) => [state.id, state]))
      return ids.map((id) => {
        const state = byId.get(id)
        if (state === undefined) throw new Error('The mailer has left a webhook out.')
        return state
      })
    },
  })

  return {
    async handOverWebhooks(handOver) {
      bodyOf(await post('/v1/webhooks/hand-over', handOver, z.undefined()))
    },
    async webhookFailures(wait) {
      const path = `/v1/webhooks/failures?waitSeconds=${wait.waitSeconds}`
      const call = { method: 'GET', path, reply: webhookFailures, ...longPollOptions(wait) } as const
      return bodyOf(await rpc.call(call)).failures
    },
    async acknowledgeWebhookFailures(failures) {
      bodyOf(await post('/v1/webhooks/failures/acknowledge', { failures }, z.undefined()))
    },
    webhookState: states.add,
    async webhookAttempts(id, first, after) {
      const query = new URLSearchParams({ first: String(first), ...(after === undefined ? {} : { after }) })
      const path = `${at(id)}/attempts?${query}`
      return bodyOf(await rpc.call({ method: 'GET', path, reply: attemptPage }))
    },
    replayWebhookEvents: async (id, request) =>
      bodyOf(await post(`${at(id)}/replays`, request, replayReply)).eventIds,
    async testWebhook(webhook, event) {
      const path = `${at(webhook.id)}/test`
      const call = { method: 'POST', path, body: { webhook, event }, reply: webhookAttempt } as const
      const tenantId = tenantOfWebhook(webhook.id)
      return bodyOf(await slow.call(tenantId, { ...call, timeoutMs: TEST_TIMEOUT_MS }))
    },
  }
}
