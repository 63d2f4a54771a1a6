import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '@emailauth/contracts/messages'
import { aMessage } from '../running-mailer.ts'

/** One call to a mailer: its reply, if any, and its duration. */
export interface Call {
  readonly email: string
  readonly state: Message['state'] | 'refused' | 'no answer'
  /** Why the answer held no message: status and detail of the problem, or the connection fault. */
  readonly why: string | undefined
  readonly ms: number
}

/**
 * Calls `POST /v1/messages` at this rate, each for its own address, at the mailers in turn. `hasty`: a third
 * of the calls waits for no relay, so that `queued` is their answer.
 */
export async function callAtRate(options: {
  readonly urls: () => readonly string[]
  readonly serviceToken: string
  readonly perSecond: number
  readonly seconds: number
  readonly ttlSeconds?: number
  readonly hasty?: boolean
}): Promise<Call[]> {
  const { urls, serviceToken, perSecond, seconds, ttlSeconds = 600, hasty = false } = options
  const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }
  const startedAtMs = performance.now()

  async function call(i: number): Promise<Call> {
    const email = `user${i}@example.com`
    const body = JSON.stringify(
      aMessage({ email, expiresAt: new Date(Date.now() + ttlSeconds * 1000).toISOString() }),
    )
    const calledAtMs = performance.now()
    const answer = await fetch(`${urls()[i % urls().length]}/v1/messages`, {
      method: 'POST',
      headers: hasty && i % 3 === 0 ? { ...headers, prefer: 'respond-async' } : headers,
      body,
    }).then(readAnswer, (error) => ({ state: 'no answer' as const, why: describeFault(error) }))
    return { email, ...answer, ms: performance.now() - calledAtMs }
  }

  const calls: Promise<Call>[] = []
  for (let i = 0; i < perSecond * seconds; i++) {
    const dueInMs = startedAtMs + (i * 1000) / perSecond - performance.now()
    if (dueInMs > 0) await wait(dueInMs)
    calls.push(call(i))
  }
  return Promise.all(calls)
}

async function readAnswer(reply: Response): Promise<Pick<Call, 'state' | 'why'>> {
  const body = (await reply.json()) as Message & { readonly detail?: string }
  if (reply.ok) return { state: body.state, why: undefined }
  return { state: 'refused', why: `${reply.status} ${body.detail}` }
}

function describeFault(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}

/** How often each of these came. */
export function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

/** How many mails each address got. */
export function arrivals(mails: readonly { readonly to: readonly string[] }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { to } of mails) counts.set(to[0] ?? '', (counts.get(to[0] ?? '') ?? 0) + 1)
  return counts
}
