import type { Logger } from '@emailauth/service/logger'
import { bodyOf } from '../rest/reply.ts'
import type { RestClient } from '../rest/rest-client.ts'

/** `gone`: replaced or revoked. `verified`: the number was used. */
export type DropReason = 'gone' | 'verified'

/** Identities whose mail is not to be sent any more. Nobody waits for it, so many of them make one call; a fault is logged. */
export interface Drops {
  add(identityId: string, reason: DropReason): void
  /** Sends what is still collected and waits for what is under way. */
  close(): Promise<void>
}

const MOST_IN_ONE_CALL = 256
const COLLECT_MS = 20
const TIMEOUT_MS = 2000

export function createDrops(rest: Pick<RestClient, 'call'>, logger: Pick<Logger, 'warn'>): Drops {
  const underWay = new Set<Promise<void>>()
  let collected = nothing()
  let timer: NodeJS.Timeout | undefined

  async function send(body: Collected): Promise<void> {
    try {
      bodyOf(
        await rest.call({
          method: 'POST',
          path: '/v1/messages/drops',
          body,
          timeoutMs: TIMEOUT_MS,
          repeats: true,
        }),
      )
    } catch (error) {
      const drops = size(body)
      logger.warn({ err: error, drops }, 'the mailer was not told to drop messages')
    }
  }

  function leave(): void {
    clearTimeout(timer)
    timer = undefined
    if (size(collected) === 0) return
    const sending = send(collected).finally(() => underWay.delete(sending))
    underWay.add(sending)
    collected = nothing()
  }

  return {
    add(identityId, reason) {
      collected[reason === 'gone' ? 'identityIds' : 'verifiedIds'].push(identityId)
      if (size(collected) === MOST_IN_ONE_CALL) leave()
      else timer ??= setTimeout(leave, COLLECT_MS)
    },
    async close() {
      leave()
      await Promise.all(underWay)
    },
  }
}

/** The body of the call. */
interface Collected {
  readonly identityIds: string[]
  readonly verifiedIds: string[]
}

const nothing = (): Collected => ({ identityIds: [], verifiedIds: [] })
const size = ({ identityIds, verifiedIds }: Collected) => identityIds.length + verifiedIds.length
