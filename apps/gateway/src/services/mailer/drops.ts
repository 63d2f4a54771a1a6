import { DROPS_MAX } from '@emailauth/contracts/messages'
import { type BackgroundBatch, createBackgroundBatch } from '@emailauth/rpc/client/background-batch'
import type { RpcClient } from '@emailauth/rpc/client/client'
import { bodyOf } from '@emailauth/rpc/client/reply'
import type { Logger } from '@emailauth/service/logging/logger'
import { z } from 'zod'

/** `gone`: replaced or revoked. `verified`: the number was used. */
export type DropReason = 'gone' | 'verified'

/** An identity whose mail is not to be sent any more. */
export interface Drop {
  readonly identityId: string
  readonly reason: DropReason
}

const COLLECT_MS = 100
const TIMEOUT_MS = 2000

/** Asks the mailer to drop messages. A fault is only logged: the extra mail has a dead number. */
export function createDrops(
  rpc: Pick<RpcClient, 'call'>,
  logger: Pick<Logger, 'warn'>,
): BackgroundBatch<Drop> {
  return createBackgroundBatch<Drop>({
    max: DROPS_MAX,
    gatherMs: COLLECT_MS,
    async send(drops) {
      const body = { identityIds: idsOf(drops, 'gone'), verifiedIds: idsOf(drops, 'verified') }
      const call = {
        method: 'POST',
        path: '/v1/messages/drops',
        body,
        reply: z.undefined(),
        isIdempotent: true,
      } as const
      bodyOf(await rpc.call({ ...call, timeoutMs: TIMEOUT_MS }))
    },
    onError: (error, drops) =>
      logger.warn({ err: error, drops }, 'the mailer did not take the messages to drop'),
  })
}

function idsOf(drops: readonly Drop[], reason: DropReason): string[] {
  return drops.filter((drop) => drop.reason === reason).map(({ identityId }) => identityId)
}
