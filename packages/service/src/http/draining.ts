import type { FastifyInstance } from 'fastify'

const draining = new WeakSet<object>()

/**
 * From now on `/readyz` answers 503 and each reply closes its connection, while work continues. So a
 * balancer sends new connections elsewhere before the listener closes.
 */
export function startDraining(app: Pick<FastifyInstance, 'server'>): void {
  draining.add(app.server)
}

/** Whether `startDraining` was called for this app. */
export function isDraining(app: Pick<FastifyInstance, 'server'>): boolean {
  return draining.has(app.server)
}

const closing = new WeakSet<object>()

/** Called when the app begins to close (`endConnectionsWhenClosing`). */
export function startClosing(app: Pick<FastifyInstance, 'server'>): void {
  closing.add(app.server)
}

/** Whether the app takes no more work. Callers in the same process must ask: no listener refuses them. */
export function isClosing(app: Pick<FastifyInstance, 'server'>): boolean {
  return closing.has(app.server)
}
