import { clientNetwork } from '@emailauth/contracts/client-network'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'

/**
 * Calls at a time in one gateway. Strangers may send them, and each holds its body several times over until
 * the mailer has answered.
 */
export const HOOKS_AT_A_TIME = 64
/** Of one client (IPv6: /64), so that no stranger keeps the providers out. */
export const HOOKS_OF_A_CLIENT = 8
const RETRY_AFTER_SECONDS = 5

/**
 * An `onRequest` hook: refuses a call for which there is no room with 503, before its body is read. A
 * provider sends it again.
 */
export function createHookRoom() {
  const held = new Map<string, number>()
  let all = 0

  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const { network } = clientNetwork(request.ip)
    const others = held.get(network) ?? 0
    if (all >= HOOKS_AT_A_TIME || others >= HOOKS_OF_A_CLIENT) {
      const detail = 'There are too many reports at a time; send this one again.'
      done(new ProblemError('unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS }))
      return
    }
    all += 1
    held.set(network, others + 1)
    // Comes after the reply, and also when the client goes away before it.
    reply.raw.once('close', () => {
      all -= 1
      const left = (held.get(network) ?? 1) - 1
      if (left === 0) held.delete(network)
      else held.set(network, left)
    })
    done()
  }
}
