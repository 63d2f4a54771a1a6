import type { Message, MessageRequest, MessageResult } from '@emailauth/contracts/messages'
import type { Outcome } from '@emailauth/contracts/outcomes'
import { batchCalls } from '@emailauth/rpc/client/batch-calls'
import { createRpcClient } from '@emailauth/rpc/client/client'
import { type PendingResult, partialResults } from '@emailauth/rpc/client/partial-results'
import { bodyOf } from '@emailauth/rpc/client/reply'
import type { Logger } from '@emailauth/service/logger'
import type { TlsSource } from '@emailauth/service/tls'
import { createDrops, type DropReason } from './drops.ts'
import { type MailCalls, mailCalls } from './mail-calls.ts'

/** The mailer service as the gateway sees it. A fault is thrown as a `ProblemError` (`unavailable`, `internal`). */
export interface Mailer extends MailCalls {
  /**
   * Mails a number; answers when the SMTP server has accepted it, or it waits in the queue, or a problem.
   * @param requestId of the call that it is for, so that log lines can be joined.
   */
  send(request: MessageRequest, requestId: string): Promise<MessageResult>
  /** The newest message of an identity, or undefined when the mailer knows none. */
  message(identityId: string): Promise<Message | undefined>
  /** What still waits for this identity is not to be sent. Nobody waits for it: a fault is logged. */
  drop(identityId: string, reason: DropReason): void
  /** Up to so many outcomes of mails that nobody has told yet; no other gateway is given them for a while. */
  leaseOutcomes(max: number): Promise<readonly Outcome[]>
  /** These have been told. */
  acknowledgeOutcomes(outcomes: readonly Outcome[]): Promise<void>
  ready(): Promise<void>
  /** Sends the drops that are still collected, then closes. */
  close(): Promise<void>
}

export interface MailerOptions {
  readonly url: string
  readonly serviceToken: string
  readonly logger: Pick<Logger, 'warn'>
  readonly timeoutMs?: number
  readonly tls?: TlsSource | undefined
}

interface Sending {
  readonly request: MessageRequest
  readonly requestId: string
}

const MESSAGES_PER_BATCH = 256
// An id may have 64 characters, and Node refuses a request whose head is longer than 16 KiB.
const IDS_PER_QUERY = 200
const LOOK_UP_TIMEOUT_MS = 2000

/** Opens no connection yet. */
export function createMailer({ logger, ...options }: MailerOptions): Mailer {
  const { timeoutMs = 10_000 } = options
  const rest = createRpcClient({ name: 'mailer', ...options, timeoutMs })

  const send = batchCalls<Sending, PendingResult<MessageResult>>(
    async (sendings, links) =>
      partialResults(sendings.length, async (told) => {
        const reply = await rest.call<void>({
          method: 'POST',
          path: '/v1/messages/batch',
          body: { requests: sendings.map(({ request }) => request) },
          requestId: sendings[0]?.requestId ?? '',
          links,
          // A mail goes out once however often it is asked for.
          repeats: true,
          isBatch: true,
          withinMs: timeoutMs,
          onLine(line) {
            const part = line as { index: number } & MessageResult
            told(part.index, 'message' in part ? { message: part.message } : { problem: part.problem })
          },
        })
        bodyOf(reply)
      }),
    MESSAGES_PER_BATCH,
  )

  const message = batchCalls<string, Message | undefined>(async (ids, links) => {
    const reply = await rest.call<{ messages: Message[] }>({
      method: 'GET',
      path: `/v1/messages?ids=${ids.map(encodeURIComponent).join(',')}`,
      timeoutMs: LOOK_UP_TIMEOUT_MS,
      links,
    })
    const byIdentity = new Map(bodyOf(reply).messages.map((found) => [found.identityId, found]))
    return ids.map((id) => byIdentity.get(id))
  }, IDS_PER_QUERY)

  const drops = createDrops(rest, logger)

  return {
    send: async (request, requestId) => (await send({ request, requestId })).result,
    message,
    drop: (identityId, reason) => drops.add({ identityId, reason }),
    async leaseOutcomes(max) {
      const call = { method: 'POST', path: '/v1/outcomes/lease', body: { max } } as const
      const timeoutMs = LOOK_UP_TIMEOUT_MS
      return bodyOf(await rest.call<{ outcomes: Outcome[] }>({ ...call, timeoutMs })).outcomes
    },
    async acknowledgeOutcomes(outcomes) {
      const call = { method: 'POST', path: '/v1/outcomes/told', body: { outcomes } } as const
      bodyOf(await rest.call({ ...call, timeoutMs: LOOK_UP_TIMEOUT_MS }))
    },
    ...mailCalls(rest),
    ready: rest.ready,
    async close() {
      await drops.close()
      await rest.close()
    },
  }
}
