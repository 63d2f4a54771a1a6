import type { FastifyInstance } from 'fastify'

const draining = new WeakSet<object>()

/**
 * From now on `/readyz` answers 503 and each reply ends its connection, while all work goes on: a balancer sends new connections elsewhere
 * before the listener closes.
 */
export function startDraining(app: Pick<FastifyInstance, 'server'>): void {
  draining.add(app.server)
}

export function isDraining(app: Pick<FastifyInstance, 'server'>): boolean {
  return draining.has(app.server)
}
