import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'

export interface LoadSheddingOptions {
  /** Mean delay of the event loop, over each of two samples, beyond which no more work is taken. */
  readonly maxEventLoopDelayMs: number
  readonly sampleMs?: number
}

/** Thrown for a request that is refused. `Retry-After` is set by then. */
export class Overloaded extends Error {
  readonly statusCode = 503
}

const RETRY_AFTER_SECONDS = 1
/**
 * How often the delay is measured. @fastify/under-pressure does so every 10 ms, which alone takes 0.3 % of a
 * core from a gateway that has nothing to do.
 */
const RESOLUTION_MS = 50

/**
 * Refuses requests of this scope while the event loop lags: 503 with `Retry-After`, before the body is read.
 * A quick refusal is better than a reply that comes after the caller has timed out. Health and metrics stand
 * outside this scope and keep answering.
 */
export function shedLoad(
  scope: FastifyInstance,
  { maxEventLoopDelayMs, sampleMs = 1000 }: LoadSheddingOptions,
): void {
  const resolution = Math.max(1, Math.min(RESOLUTION_MS, Math.floor(sampleMs / 10)))
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  let lagged = false
  let isOverloaded = false
  const timer = setInterval(() => {
    const laggedBefore = lagged
    // Without a single measurement the loop was blocked all the time, and the mean is not a number.
    lagged = !(histogram.mean / 1e6 - resolution <= maxEventLoopDelayMs)
    // One long pause weighs much among few measurements. More work than can be done lags every time.
    isOverloaded = lagged && laggedBefore
    histogram.reset()
  }, sampleMs)
  timer.unref()

  scope.addHook('onRequest', (_request, reply, done) => {
    if (!isOverloaded) return done()
    reply.header('retry-after', RETRY_AFTER_SECONDS)
    done(new Overloaded('Service Unavailable'))
  })
  scope.addHook('onClose', (_scope, done) => {
    clearInterval(timer)
    histogram.disable()
    done()
  })
}
