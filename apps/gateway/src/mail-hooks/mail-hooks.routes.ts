import { MAIL_HOOK_MAX_BYTES } from '@emailauth/contracts/body-limits'
import {
  MAIL_HOOK_HEADERS,
  type MailHook,
  type MailProvider,
  mailProvider,
} from '@emailauth/contracts/mail-hooks'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { sendProblem } from '@emailauth/service/http/problem-replies'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import { createHookSlots, type ReleaseSlot } from './hook-slots.ts'

interface HookParams {
  /** Checked as soon as the head of a request has come. */
  readonly provider: MailProvider
}

/**
 * `POST /hooks/mail/<provider>`: mail providers report bounces and complaints here. Only the gateway is
 * public, so it passes each call unchanged to the mailer, which has the keys to check it.
 */
export function mailHookRoutes(app: FastifyInstance, mailer: Pick<Mailer, 'takeMailHook'>): void {
  app.register(async (scope) => {
    const slots = createHookSlots()
    const releases = new WeakMap<FastifyRequest, ReleaseSlot>()
    // Before the body is read.
    scope.addHook<{ Params: HookParams }>('onRequest', async (request, reply) => {
      if (!mailProvider.safeParse(request.params.provider).success)
        throw new ProblemError('not-found', 'There is no such provider.')
      const release = slots.take(request.ip)
      releases.set(request, release)
      // For a call that does not reach its handler, because its body is refused or never ends.
      reply.raw.once('close', () => {
        if (releases.has(request)) release()
      })
    })
    // Signatures are over bytes, so they must not be parsed and written anew.
    scope.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: MAIL_HOOK_MAX_BYTES } as const
    scope.addContentTypeParser('*', options, (_request, body, done) => done(null, body))
    scope.post<{ Params: HookParams }>('/hooks/mail/:provider', async (request, reply) => {
      const release = releases.get(request)
      // The mailer has the body until it has answered, also when the client has gone.
      releases.delete(request)
      try {
        const problem = await mailer.takeMailHook(request.params.provider, hookOf(request))
        return problem === undefined ? reply.code(204).send() : sendProblem(request, reply, problem)
      } finally {
        release?.()
      }
    })
  })
}

function hookOf({ headers, body }: FastifyRequest): MailHook {
  const handedOn = MAIL_HOOK_HEADERS.flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  return { headers: Object.fromEntries(handedOn), body: bytes.toString('base64') }
}
