import { setTimeout as wait } from 'node:timers/promises'
import { CliError, EXIT } from '../../exit-codes.ts'
import type { ServiceFetch } from './service-fetch.ts'

const EVERY_MS = 40
const ANSWER_MS = 2000
const NO_ANSWER = 'it does not answer'

/**
 * Waits until a service's `/readyz` reports that it is ready.
 * @throws {CliError} after `withinMs`, naming what is not ready. An aborted signal throws its reason.
 */
export async function waitUntilReady(
  name: string,
  baseUrl: string,
  signal: AbortSignal,
  // The global `fetch` takes more than is needed of it here.
  { fetch: ask = fetch as ServiceFetch, withinMs = 60_000 } = {},
): Promise<void> {
  const deadline = Date.now() + withinMs
  for (;;) {
    signal.throwIfAborted()
    const { isReady, state } = await readiness(baseUrl, ask)
    if (isReady) return
    if (Date.now() > deadline) {
      throw new CliError(EXIT.failed, `The ${name} was not ready within ${withinMs / 1000} s: ${state}.`)
    }
    await wait(EVERY_MS)
  }
}

export interface Readiness {
  readonly isReady: boolean
  /** The checks that fail. A gateway is ready without the mailer. */
  readonly missing: readonly string[]
  /** In words. */
  readonly state: string
  /** All of its checks. */
  readonly checks: readonly string[]
  /** Why there was no answer of a service at all. */
  readonly fault?: unknown
}

export async function readiness(baseUrl: string, ask: ServiceFetch = fetch): Promise<Readiness> {
  try {
    const response = await ask(`${baseUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) })
    const text = await response.text()
    // Another program may answer at the port. What is no object of checks is caught below.
    const states = Object.entries((JSON.parse(text) as { checks?: Record<string, string> }).checks ?? {})
    const checks = states.map(([check]) => check)
    const missing = states.filter(([, state]) => state !== 'ok').map(([check]) => check)
    const names = missing.join(' and ')
    if (response.ok)
      return { isReady: true, missing, checks, state: names === '' ? 'ready' : `ready without ${names}` }
    const state = names === '' ? `status ${response.status}` : `waiting for ${names}`
    return { isReady: false, missing, checks, state }
  } catch (fault) {
    return { isReady: false, missing: [], checks: [], state: NO_ANSWER, fault }
  }
}
