import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '@emailauth/contracts/messages'
import { aMessage } from '../running-mailer.ts'

/** One call to a mailer: its reply, if any, and its duration. */
export interface Call {
  readonly email: string
  readonly state: Message['state'] | 'refused' | 'no answer'
  readonly ms: number
}

/** Calls `POST /v1/messages` at this rate, each for its own address, at the mailers in turn. */
export async function callAtRate(options: {
  readonly urls: () => readonly string[]
  readonly serviceToken: string
  readonly perSecond: number
  readonly seconds: number
  readonly ttlSeconds?: number
}): Promise<Call[]> {
  const { urls, serviceToken, perSecond, seconds, ttlSeconds = 600 } = options
  const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }
  const startedAtMs = performance.now()

  async function call(i: number): Promise<Call> {
    const email = `user${i}@example.com`
    const body = JSON.stringify(
      aMessage({ email, expiresAt: new Date(Date.now() + ttlSeconds * 1000).toISOString() }),
    )
    const calledAtMs = performance.now()
    const state = await fetch(`${urls()[i % urls().length]}/v1/messages`, {
      method: 'POST',
      headers,
      body,
    }).then(
      async (reply) => (reply.ok ? ((await reply.json()) as Message).state : 'refused'),
      () => 'no answer' as const,
    )
    return { email, state, ms: performance.now() - calledAtMs }
  }

  const calls: Promise<Call>[] = []
  for (let i = 0; i < perSecond * seconds; i++) {
    const dueInMs = startedAtMs + (i * 1000) / perSecond - performance.now()
    if (dueInMs > 0) await wait(dueInMs)
    calls.push(call(i))
  }
  return Promise.all(calls)
}

/** How many mails each address got. */
export function arrivals(mails: readonly { readonly to: readonly string[] }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { to } of mails) counts.set(to[0] ?? '', (counts.get(to[0] ?? '') ?? 0) + 1)
  return counts
}
