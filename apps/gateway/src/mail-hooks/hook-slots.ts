import { clientNetwork } from '@emailauth/contracts/client-network'
import { ProblemError } from '@emailauth/service/http/problem-error'

/**
 * Calls at a time in one gateway. Strangers may send them, and each holds its body several times over until
 * the mailer has answered.
 */
export const HOOKS_AT_A_TIME = 64
/** Of one client (IPv6: /64), so that no stranger keeps the providers out. */
export const HOOKS_OF_A_CLIENT = 8
const RETRY_AFTER_SECONDS = 5

/** A slot for each call that holds a body: so many in all, and so many for one client. */
export interface HookSlots {
  /**
   * @param ip the client's address
   * @throws {ProblemError} `unavailable` when none is free. A provider sends its report again.
   */
  take(ip: string): ReleaseSlot
}

/** Frees the slot, once however often it is called. */
export type ReleaseSlot = () => void

export function createHookSlots(): HookSlots {
  const held = new Map<string, number>()
  let all = 0

  return {
    take(ip) {
      const { network } = clientNetwork(ip)
      const others = held.get(network) ?? 0
      if (all >= HOOKS_AT_A_TIME || others >= HOOKS_OF_A_CLIENT) {
        const detail = 'There are too many reports at a time; send this one again.'
        throw new ProblemError('unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS })
      }
      all += 1
      held.set(network, others + 1)
      let isFree = false
      return () => {
        if (isFree) return
        isFree = true
        all -= 1
        const left = (held.get(network) ?? 1) - 1
        if (left === 0) held.delete(network)
        else held.set(network, left)
      }
    },
  }
}
