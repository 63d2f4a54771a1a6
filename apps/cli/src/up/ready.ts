import { setTimeout as wait } from 'node:timers/promises'
import { CliError, EXIT } from '../exit-codes.ts'
import type { ServiceFetch } from './service-fetch.ts'

const EVERY_MS = 40
const ANSWER_MS = 2000
export const NO_ANSWER = 'it does not answer'

/**
 * Waits until a service's `/readyz` reports that it is ready.
 * @throws {CliError} after `withinMs`, naming what is not ready. An aborted signal throws its reason.
 */
export async function waitUntilReady(
  name: string,
  baseUrl: string,
  signal: AbortSignal,
  { fetch: ask = fetch as ServiceFetch, withinMs = 60_000 } = {},
): Promise<void> {
  const deadline = Date.now() + withinMs
  for (;;) {
    signal.throwIfAborted()
    const state = await readiness(baseUrl, ask)
    if (state === 'ready') return
    if (Date.now() > deadline) {
      throw new CliError(EXIT.failed, `The ${name} was not ready within ${withinMs / 1000} s: ${state}.`)
    }
    await wait(EVERY_MS)
  }
}

/** `ready`, or in words why not. */
export async function readiness(baseUrl: string, ask: ServiceFetch = fetch): Promise<string> {
  try {
    const response = await ask(`${baseUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) })
    const text = await response.text()
    if (response.ok) return 'ready'
    const checks = Object.entries((JSON.parse(text) as { checks?: Record<string, string> }).checks ?? {})
    const away = checks.filter(([, state]) => state !== 'ok').map(([check]) => check)
    return away.length > 0 ? `waiting for ${away.join(' and ')}` : `status ${response.status}`
  } catch {
    return NO_ANSWER
  }
}
