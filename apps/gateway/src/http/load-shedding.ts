import { noteRequest, onEventLoopDelay } from '@emailauth/service/timing/event-loop-delay'
import type { FastifyInstance } from 'fastify'

export interface LoadSheddingOptions {
  /** Mean delay of the event loop, over each of two samples, beyond which no more work is taken. */
  readonly maxEventLoopDelayMs: number
  readonly sampleMs?: number
  /** For tests: how often the delay is measured. Default: as often as the process is busy. */
  readonly measureMs?: number
}

/** Only a gateway with more work than it can ever finish lags this much. No single document causes it. */
export const LOAD: LoadSheddingOptions = { maxEventLoopDelayMs: 500 }

/** Thrown for a refused request, after `Retry-After` was set. */
export class Overloaded extends Error {
  override readonly message = 'There is more to do than can be done for the moment; try again in a second.'
  readonly statusCode = 503
}

const RETRY_AFTER_SECONDS = 1
/**
 * While requests are refused, the delay is measured this often, and they are taken again once the mean of so
 * many measurements is within the bound: a quarter of a second after the flood.
 */
const RECOVERY = { measureMs: 50, count: 5 } as const

/**
 * Refuses requests of this scope while the event loop lags: 503 with `Retry-After`, before the body is read.
 * A quick refusal is better than a reply that comes after the caller has timed out. Health and metrics stand
 * outside this scope and keep answering.
 * @returns a function: whether a request that arrives now is refused.
 */
export function shedLoad(
  scope: FastifyInstance,
  { maxEventLoopDelayMs, sampleMs = 1000, measureMs }: LoadSheddingOptions,
): () => boolean {
  let sample = { startedAt: performance.now(), sumMs: 0, count: 0 }
  let lagged = false
  let isOverloaded = false
  let stopWatching = () => {}
  const recover = () => {
    stopWatching()
    isOverloaded = false
    // If the flood goes on, the next sample ends it: `lagged` still stands.
    sample = { startedAt: performance.now(), sumMs: 0, count: 0 }
  }

  const stop = onEventLoopDelay((delayMs) => {
    if (isOverloaded) return
    sample.sumMs += delayMs
    sample.count += 1
    const now = performance.now()
    if (now - sample.startedAt < sampleMs) return
    const laggedBefore = lagged
    lagged = sample.sumMs / sample.count > maxEventLoopDelayMs
    // One long pause weighs much among few measurements. More work than can be done lags every time.
    isOverloaded = lagged && laggedBefore
    // A process that refuses is calm, and a calm one is measured so seldom that it would refuse for seconds.
    if (isOverloaded) stopWatching = onRecovery(maxEventLoopDelayMs, measureMs ?? RECOVERY.measureMs, recover)
    sample = { startedAt: now, sumMs: 0, count: 0 }
  }, measureMs)

  /** Of a request that has come now. */
  const isRefused = () => {
    noteRequest()
    return isOverloaded
  }
  scope.addHook('onRequest', (_request, reply, done) => {
    if (!isRefused()) return done()
    reply.header('retry-after', RETRY_AFTER_SECONDS)
    done(new Overloaded('Service Unavailable'))
  })
  scope.addHook('onClose', (_scope, done) => {
    stop()
    stopWatching()
    done()
  })
  return isRefused
}

/** Calls back once the event loop is in time again, unless the returned function is called before. */
function onRecovery(maxDelayMs: number, measureMs: number, then: () => void): () => void {
  const delays: number[] = []
  return onEventLoopDelay((delayMs) => {
    delays.push(delayMs)
    if (delays.length < RECOVERY.count) return
    const sumMs = delays.reduce((sum, delay) => sum + delay)
    if (sumMs / RECOVERY.count <= maxDelayMs) then()
    else delays.shift()
  }, measureMs)
}
