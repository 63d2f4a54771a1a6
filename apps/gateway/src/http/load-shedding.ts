import fastifyUnderPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'

export interface LoadSheddingOptions {
  /** Mean delay of the event loop, over one sample, beyond which no more work is taken. */
  readonly maxEventLoopDelayMs: number
  readonly sampleMs?: number
}

const RETRY_AFTER_SECONDS = 1
/** The code of the error that {@link shedLoad} throws; `Retry-After` is set by then. */
export const UNDER_PRESSURE = 'FST_UNDER_PRESSURE'

/**
 * Refuses requests of this scope while the event loop lags: 503 with `Retry-After`, before the body is read.
 * A quick refusal is better than a reply that comes after the caller has timed out. Health and metrics stand
 * outside this scope and keep answering.
 */
export async function shedLoad(
  scope: FastifyInstance,
  { maxEventLoopDelayMs, sampleMs = 1000 }: LoadSheddingOptions,
): Promise<void> {
  await scope.register(fastifyUnderPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    sampleInterval: sampleMs,
    retryAfter: RETRY_AFTER_SECONDS,
  })
}
