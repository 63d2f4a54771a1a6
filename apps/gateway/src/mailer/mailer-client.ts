import type { Message, MessageRequest, MessageResult } from '@emailauth/contracts/messages'
import type { Logger } from '@emailauth/service/logger'
import type { TlsSource } from '@emailauth/service/tls'
import DataLoader from 'dataloader'
import { oneHop } from '../rest/one-hop.ts'
import { bodyOf, createRestClient } from '../rest/rest-client.ts'
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
  ready(): Promise<void>
  /** Sends the drops that are still collected, then closes. */
  close(): Promise<void>
}

/** `gone`: replaced or revoked. `verified`: the number was used. */
export type DropReason = 'gone' | 'verified'

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

const MESSAGES_IN_ONE_HOP = 256
// An id may have 64 characters, and Node refuses a request whose head is longer than 16 KiB.
const IDS_IN_ONE_QUERY = 200
const LOOK_UP_TIMEOUT_MS = 2000
// Nobody waits for a drop, so many of them make one hop.
const DROPS_COLLECT_MS = 20

/** Opens no connection yet. */
export function createMailer({ logger, ...options }: MailerOptions): Mailer {
  const rest = createRestClient({ name: 'mailer', timeoutMs: 10_000, ...options })

  const send = oneHop<Sending, MessageResult>(async (sendings, links) => {
    const reply = await rest.call<{ results: MessageResult[] }>({
      method: 'POST',
      path: '/v1/messages/batch',
      body: { requests: sendings.map(({ request }) => request) },
      requestId: sendings[0]?.requestId ?? '',
      links,
    })
    return bodyOf(reply).results
  }, MESSAGES_IN_ONE_HOP)

  const message = oneHop<string, Message | undefined>(async (ids, links) => {
    const reply = await rest.call<{ messages: Message[] }>({
      method: 'GET',
      path: `/v1/messages?ids=${ids.map(encodeURIComponent).join(',')}`,
      timeoutMs: LOOK_UP_TIMEOUT_MS,
      links,
    })
    const byIdentity = new Map(bodyOf(reply).messages.map((found) => [found.identityId, found]))
    return ids.map((id) => byIdentity.get(id))
  }, IDS_IN_ONE_QUERY)

  const drops = new Set<Promise<void>>()
  const dropLoader = new DataLoader<{ identityId: string; reason: DropReason }, void>(
    async (calls) => {
      const idsOf = (reason: DropReason) =>
        calls.filter((call) => call.reason === reason).map(({ identityId }) => identityId)
      try {
        const body = { identityIds: idsOf('gone'), verifiedIds: idsOf('verified') }
        bodyOf(
          await rest.call({
            method: 'POST',
            path: '/v1/messages/drops',
            body,
            timeoutMs: LOOK_UP_TIMEOUT_MS,
          }),
        )
      } catch (error) {
        logger.warn({ err: error, drops: calls.length }, 'the mailer was not told to drop messages')
      }
      return calls.map(() => undefined)
    },
    {
      cache: false,
      maxBatchSize: MESSAGES_IN_ONE_HOP,
      batchScheduleFn: (dispatch) => setTimeout(dispatch, DROPS_COLLECT_MS),
    },
  )

  return {
    send: (request, requestId) => send({ request, requestId }),
    message,
    drop(identityId, reason) {
      const dropped = dropLoader.load({ identityId, reason }).finally(() => drops.delete(dropped))
      drops.add(dropped)
    },
    ...mailCalls(rest),
    ready: rest.ready,
    async close() {
      await Promise.all(drops)
      await rest.close()
    },
  }
}
