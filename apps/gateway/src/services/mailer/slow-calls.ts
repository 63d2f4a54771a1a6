import type { Call } from '@emailauth/rpc/client/call'
import type { RpcClient } from '@emailauth/rpc/client/client'
import type { Reply } from '@emailauth/rpc/client/reply'
import { ProblemError } from '@emailauth/service/http/problem-error'

/** Calls that last as long as somebody else's server takes: a webhook endpoint, a relay. */
export interface SlowCalls {
  /** @throws {ProblemError} `unavailable` while a tenant has too many of them. */
  call<Body>(tenantId: string, call: Call<Body>): Promise<Reply<Body>>
}

/** So many connections to a mailer, so that several tenants whose servers hang leave some to others. */
export const SLOW_CONNECTIONS = 40
/** Slow calls of one tenant at a time in one gateway. */
export const SLOW_CALLS_OF_A_TENANT = 10
const RETRY_AFTER_SECONDS = 3

/** @param rpc a client of their own, because a server that hangs holds a connection for seconds */
export function createSlowCalls(rpc: Pick<RpcClient, 'call'>): SlowCalls {
  const running = new Map<string, number>()

  return {
    async call(tenantId, call) {
      const others = running.get(tenantId) ?? 0
      if (others >= SLOW_CALLS_OF_A_TENANT) {
        const detail = 'Many tests of this tenant still run; try again in a few seconds.'
        throw new ProblemError('unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS })
      }
      running.set(tenantId, others + 1)
      try {
        return await rpc.call(call)
      } finally {
        const left = (running.get(tenantId) ?? 1) - 1
        if (left === 0) running.delete(tenantId)
        else running.set(tenantId, left)
      }
    },
  }
}
