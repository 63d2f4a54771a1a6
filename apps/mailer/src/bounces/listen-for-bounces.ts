import type { FastifyInstance } from 'fastify'
import type { BounceEndpoint } from './bounce-listen.ts'
import { type BounceListenerOptions, startBounceListener } from './bounce-listener.ts'

/** Listens at each endpoint from when the app is ready until it closes. */
export function listenForBounces(
  app: FastifyInstance,
  endpoints: readonly BounceEndpoint[],
  options: Omit<BounceListenerOptions, 'endpoint'>,
): void {
  const closers: (() => Promise<void>)[] = []
  for (const endpoint of endpoints) {
    app.addHook('onReady', async () => {
      const listener = await startBounceListener({ ...options, endpoint })
      closers.push(listener.close)
    })
  }
  app.addHook('preClose', async () => void (await Promise.all(closers.map((close) => close()))))
}
