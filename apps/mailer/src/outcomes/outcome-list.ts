import { OUTCOME_LEASE_SECONDS, type Outcome, outcome } from '@emailauth/contracts/outcomes'
import type { RedisConnection } from '@emailauth/redis/connect'
import { defineScript } from '@emailauth/redis/script'
import { type MessageName, readName, writeName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import leaseLua from './lua/lease.lua'

/**
 * What became of mails after their send had been answered, until somebody has told it. An outcome may be handed out more than once, when who had it died
 * before the end; who is told must pass over what is known. Every method fails when Redis does not answer.
 */
export interface OutcomeList {
  /** Adding it again changes nothing; states that say nothing new to anybody are passed over. */
  add(name: MessageName, state: MessageRecord['state']): Promise<void>
  /** Up to so many outcomes, which nobody else is given for {@link OUTCOME_LEASE_SECONDS}. */
  lease(max: number): Promise<readonly Outcome[]>
  told(outcomes: readonly Outcome[]): Promise<void>
}

const UNREPORTED = 'ea:mail:{outcomes}'
/** Nobody has asked for so long: the numbers are dead by now. */
const KEPT_MS = 25 * 3_600_000
const MOST = 100_000

const leaseScript = defineScript<Buffer[]>(leaseLua)

export function createOutcomeList(redis: RedisConnection, now: () => number): OutcomeList {
  return {
    async add(name, state) {
      const { success, data } = outcome.safeParse({ ...pickName(name), state })
      if (!success) return
      // All of it goes to Redis in one write.
      await Promise.all([
        redis.zadd(UNREPORTED, 'NX', now(), write(data)),
        redis.zremrangebyrank(UNREPORTED, 0, -1 - MOST),
        redis.pexpire(UNREPORTED, KEPT_MS),
      ])
    },
    async lease(max) {
      const names = await leaseScript(redis, [UNREPORTED], [OUTCOME_LEASE_SECONDS * 1000, max])
      return names.map((name) => read(name.toString()))
    },
    async told(outcomes) {
      await redis.zrem(UNREPORTED, ...outcomes.map(write))
    },
  }
}

const pickName = ({ identityId, messageId }: MessageName) => ({ identityId, messageId })

function write(found: Outcome): string {
  return `${found.state} ${writeName(found)}`
}

function read(text: string): Outcome {
  const space = text.indexOf(' ')
  return { ...readName(text.slice(space + 1)), state: text.slice(0, space) as Outcome['state'] }
}
