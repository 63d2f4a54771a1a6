import { MAIL_HOOK_MAX_BYTES } from '@emailauth/contracts/body-limits'
import { type MailProvider, mailHook, mailProvider } from '@emailauth/contracts/mail-hooks'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { z } from 'zod'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import type { TakeBounce } from './bounces.service.ts'
import type { ReadHook } from './providers/hook.ts'

/** The providers that the operator has set up. */
export type MailHooks = Readonly<Partial<Record<MailProvider, ReadHook>>>

interface MailHookRoutesPort {
  readonly hooks: MailHooks
  readonly takeBounce: TakeBounce
}

const route = routeWith<MailHookRoutesPort>()

/**
 * Takes reports of mail providers and ignores those about other mails.
 * Each report that was understood is answered with success, because a provider repeats a failed call for
 * hours.
 */
export function addMailHookRoutes(app: ServiceApp, ports: MailHookRoutesPort): void {
  addRoutes(app, ports, [takeReport])
}

const takeReport = route({
  method: 'POST',
  url: '/v1/mail-hooks/:provider',
  bodyLimit: 2 * MAIL_HOOK_MAX_BYTES,
  schema: {
    summary: "Takes in a provider's report of bounces and complaints, which its own signature proves",
    params: z.object({ provider: mailProvider }),
    body: mailHook,
    response: { 204: z.null(), 400: problem, 401: problem, 404: problem, 503: problem },
  },
  handler: async ({ hooks, takeBounce }, { params: { provider }, body: { headers, body } }, reply) => {
    const read = hooks[provider]
    if (read === undefined) throw new ProblemError('not-found', 'This provider is not set up here.')
    const bounces = await read({ headers, body: Buffer.from(body, 'base64') })
    for (const bounce of bounces) await orUnavailable(takeBounce(bounce))
    return reply.code(204).send(null)
  },
})
