import {
  type Message,
  type MessageRequest,
  type MessageResult,
  messageList,
  messageResult,
} from '@emailauth/contracts/messages'
import { type Outcome, outcomeList } from '@emailauth/contracts/outcomes'
import { createGather } from '@emailauth/gather/gather'
import { createRpcClient } from '@emailauth/rpc/client/client'
import { createHttpTransport } from '@emailauth/rpc/client/http/transport'
import { bodyOf } from '@emailauth/rpc/client/reply'
import type { OpenTransport } from '@emailauth/rpc/client/transport'
import type { Logger } from '@emailauth/service/logging/logger'
import type { TlsSource } from '@emailauth/service/network/tls'
import { z } from 'zod'
import { type LongPollWait, longPollOptions } from '../long-poll.ts'
import { createDrops, type DropReason } from './drops.ts'
import { type MailCalls, mailCalls } from './mail-calls.ts'
import { createSlowCalls, SLOW_CONNECTIONS } from './slow-calls.ts'
import { type WebhookDeliveryCalls, webhookDeliveryCalls } from './webhook-delivery-calls.ts'

/** The gateway's client of the mailer. Faults are thrown as a `ProblemError` (`unavailable`, `internal`). */
export interface Mailer extends MailCalls, WebhookDeliveryCalls {
  /**
   * Mails a number; answers when the SMTP server has accepted it, or it waits in the queue, or a problem.
   * @param requestId of the call that it is for, so that log lines can be joined.
   */
  send(request: MessageRequest, requestId: string): Promise<MessageResult>
  /** The newest message of an identity, or undefined when the mailer knows none. */
  message(identityId: string): Promise<Message | undefined>
  /** What still waits for this identity is not to be sent. Nobody waits for it: a fault is logged. */
  drop(identityId: string, reason: DropReason): void
  /**
   * Leases outcomes that are not reported yet, up to a number. No other gateway gets them meanwhile. It waits
   * until there is one.
   */
  leaseOutcomes(max: number, wait: LongPollWait): Promise<readonly Outcome[]>
  /** Acknowledges outcomes as reported. */
  acknowledgeOutcomes(outcomes: readonly Outcome[]): Promise<void>
  ready(): Promise<void>
  /** Sends the drops that are still collected, then closes. */
  close(): Promise<void>
}

export interface MailerOptions {
  /** One URL, or several separated by commas. */
  readonly url: string
  readonly serviceToken: string
  readonly logger: Pick<Logger, 'warn'>
  readonly timeoutMs?: number
  readonly tls?: TlsSource | undefined
  /** Cuts off all calls by HTTP (`createHttpTransport`). */
  readonly cutOff?: AbortSignal | undefined
  /** Default: HTTP to `url`. */
  readonly openTransport?: OpenTransport | undefined
}

// A tenant's own texts, headers and URLs are up to 50 KB of each message. This many still fit into one body.
const MESSAGES_PER_BATCH = 80
// An id may have 64 characters, and Node refuses a request whose head is longer than 16 KiB.
const IDS_PER_QUERY = 200
const CALL_TIMEOUT_MS = 2000
/**
 * Reads queue at the mailer too. Two tries must end within the 10 s that the dashboard waits. Otherwise a
 * mailer that hangs would look like a gateway that hangs.
 */
const READ_TIMEOUT_MS = 4000
const MAX_READ_CONNECTIONS = 8
const MAX_HOOK_CONNECTIONS = 4

/** Opens no connection yet. */
export function createMailer({ logger, ...options }: MailerOptions): Mailer {
  const {
    timeoutMs = 10_000,
    openTransport = (maxPooled) => createHttpTransport({ name: 'mailer', ...options, maxPooled }),
  } = options
  const rpc = createRpcClient({ name: 'mailer', transport: openTransport(), timeoutMs })
  // Connections of their own, so that no mail waits for one that a look-up holds.
  const reads = createRpcClient({
    name: 'mailer',
    transport: openTransport(MAX_READ_CONNECTIONS),
    timeoutMs: Math.min(timeoutMs, READ_TIMEOUT_MS),
  })

  // Of their own, so that a tenant whose servers hang keeps nobody from look-ups and webhooks.
  const slowRpc = createRpcClient({
    name: 'mailer',
    transport: openTransport(SLOW_CONNECTIONS),
    timeoutMs,
  })
  const slow = createSlowCalls(slowRpc)

  // Of their own, so that strangers who send reports of providers keep nobody from look-ups and webhooks.
  const hooks = createRpcClient({ name: 'mailer', transport: openTransport(MAX_HOOK_CONNECTIONS), timeoutMs })

  // The mailer sends each message id once, so a call whose reply is lost is repeated within the same
  // deadline.
  const send = rpc.batch<MessageRequest, MessageResult>({
    path: '/v1/messages/batch',
    result: messageResult,
    batch: { max: MESSAGES_PER_BATCH, until: 'turn' },
    retry: { unavailable: false, withinMs: timeoutMs },
    streamed: true,
  })

  const messages = createGather<string, Message | undefined>({
    max: IDS_PER_QUERY,
    until: 'turn',
    async run(ids) {
      const path = `/v1/messages?ids=${ids.map(encodeURIComponent).join(',')}`
      const timeoutMs = READ_TIMEOUT_MS
      const list = bodyOf(await reads.call({ method: 'GET', path, reply: messageList, timeoutMs }))
      const byIdentity = new Map(list.messages.map((message) => [message.identityId, message]))
      return ids.map((id) => byIdentity.get(id))
    },
  })

  const drops = createDrops(rpc, logger)
  const post = <Body>(path: string, body: unknown, reply: z.ZodType<Body>) =>
    rpc.call({ method: 'POST', path, body, reply, timeoutMs: CALL_TIMEOUT_MS })

  return {
    send,
    message: messages.add,
    drop: (identityId, reason) => drops.add({ identityId, reason }),
    async leaseOutcomes(max, wait) {
      const body = { max, waitSeconds: wait.waitSeconds }
      const call = { method: 'POST', path: '/v1/outcomes/lease', body, reply: outcomeList } as const
      return bodyOf(await reads.call({ ...call, ...longPollOptions(wait) })).outcomes
    },
    async acknowledgeOutcomes(outcomes) {
      bodyOf(await post('/v1/outcomes/acknowledged', { outcomes }, z.undefined()))
    },
    ...mailCalls(reads, slow, hooks),
    ...webhookDeliveryCalls(reads, slow),
    ready: rpc.ready,
    async close() {
      await drops.close()
      await Promise.all([rpc.close(), reads.close(), slowRpc.close(), hooks.close()])
    },
  }
}
