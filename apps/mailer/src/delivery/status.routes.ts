import { problem } from '@emailauth/contracts/problems'
import { mailerStatus } from '@emailauth/contracts/service-status'
import type { ServiceApp } from '@emailauth/service/app'
import { runtimeStatus } from '@emailauth/service/runtime-status'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { Smtp } from '../smtp/hand-over.ts'
import type { RetryQueue } from './retry-queue.ts'

interface StatusPort {
  readonly smtp: Pick<Smtp, 'status'>
  readonly queue: Pick<RetryQueue, 'status'>
}

/** How this mailer's relays stand, and what waits. */
export function addStatusRoutes(app: ServiceApp, { smtp, queue }: StatusPort): void {
  app.get(
    '/v1/status',
    {
      schema: {
        summary: 'Version, relays as this mailer sees them, and the queue of all mailers',
        response: { 200: mailerStatus, 503: problem },
      },
    },
    async () => ({
      ...runtimeStatus(),
      relays: [...smtp.status()],
      queue: await orUnavailable(queue.status()),
    }),
  )
}
