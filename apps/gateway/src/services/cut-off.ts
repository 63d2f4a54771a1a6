import { setMaxListeners } from 'node:events'
import type { FastifyInstance } from 'fastify'

/** Each aborts when calls of that service may not go on any longer. */
export interface CutOffs {
  readonly mailer: AbortSignal
  readonly persistence: AbortSignal
}

/**
 * How long the calls of a gateway that closes may go on. A service that hangs would hold them for as long as
 * the whole shutdown may take. Calls of the mailer end first, because what they leave to report goes to
 * persistence.
 */
export const CUT_OFF_MS = { mailer: 7000, persistence: 7500 }

/** Calls that run so long after the app begins to close are cut off. Their replies count as lost. */
export function cutOffWhenClosing(app: FastifyInstance): CutOffs {
  const mailer = new AbortController()
  const persistence = new AbortController()
  // Each transport listens, and each process of a service.
  setMaxListeners(0, mailer.signal, persistence.signal)
  const timers: NodeJS.Timeout[] = []
  const cutLater = (controller: AbortController, ms: number) => {
    const error = new Error(`the gateway closes, and waits no longer than ${ms} ms`)
    timers.push(setTimeout(() => controller.abort(error), ms))
  }
  app.addHook('preClose', async () => {
    cutLater(mailer, CUT_OFF_MS.mailer)
    cutLater(persistence, CUT_OFF_MS.persistence)
  })
  app.addHook('onClose', async () => {
    for (const timer of timers) clearTimeout(timer)
  })
  return { mailer: mailer.signal, persistence: persistence.signal }
}
