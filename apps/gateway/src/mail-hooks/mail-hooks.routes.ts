import {
  MAIL_HOOK_HEADERS,
  MAIL_HOOK_MAX_BYTES,
  type MailHook,
  mailProvider,
} from '@emailauth/contracts/mail-hooks'
import { ProblemError } from '@emailauth/service/problem-error'
import { sendProblem } from '@emailauth/service/problem-replies'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import { createHookRoom } from './hook-room.ts'

/**
 * `POST /hooks/mail/<provider>`: mail providers report bounces and complaints here. Only the gateway is
 * public, so it passes each call unchanged to the mailer, which has the keys to check it.
 */
export function mailHookRoutes(app: FastifyInstance, mailer: Pick<Mailer, 'takeMailHook'>): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', createHookRoom())
    // Signatures are over bytes, so they must not be parsed and written anew.
    scope.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: MAIL_HOOK_MAX_BYTES } as const
    scope.addContentTypeParser('*', options, (_request, body, done) => done(null, body))
    scope.post<{ Params: { provider: string } }>('/hooks/mail/:provider', async (request, reply) => {
      const provider = mailProvider.safeParse(request.params.provider)
      if (!provider.success) throw new ProblemError('not-found', 'There is no such provider.')
      const problem = await mailer.takeMailHook(provider.data, hookOf(request))
      return problem === undefined ? reply.code(204).send() : sendProblem(request, reply, problem)
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
