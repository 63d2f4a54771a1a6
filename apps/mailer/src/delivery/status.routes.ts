import { problem } from '@emailauth/contracts/problems'
import { mailerStatus } from '@emailauth/contracts/service-status'
import type { ServiceApp } from '@emailauth/service/http/app'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { runtimeStatus } from '@emailauth/service/lifecycle/runtime-status'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { Smtp } from '../smtp/hand-over.ts'
import type { RetryQueue } from './retry-queue.ts'

interface StatusPort {
  readonly smtp: Pick<Smtp, 'status'>
  readonly queue: Pick<RetryQueue, 'status'>
}

const route = routeWith<StatusPort>()

export function addStatusRoutes(app: ServiceApp, ports: StatusPort): void {
  addRoutes(app, ports, [readStatus])
}

const readStatus = route({
  method: 'GET',
  url: '/v1/status',
  schema: {
    summary: 'Version, relays as this mailer sees them, and the queue of all mailers',
    response: { 200: mailerStatus, 503: problem },
  },
  handler: async ({ smtp, queue }) => ({
    ...runtimeStatus(),
    relays: [...smtp.status()],
    queue: await orUnavailable(queue.status()),
  }),
})
