import { OUTCOME_LEASE_SECONDS, type Outcome, outcome } from '@emailauth/contracts/outcomes'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { defineRule } from '@emailauth/redis/rules/rule'
import { type Changes, createChanges } from '@emailauth/service/timing/changes'
import { type MessageName, readName, writeName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import leaseLua from './lua/lease.lua'

/**
 * Outcomes of mails that ended after their send was answered, until they are reported.
 * An outcome is handed out again if its reporter died, so the receiver must ignore repeated ones. Every
 * method fails when Redis does not answer.
 */
export interface OutcomeList {
  /** Adds an outcome. A repeated one changes nothing. States that are not worth a report are ignored. */
  add(name: MessageName, state: MessageRecord['state']): Promise<void>
  /** Leases up to `max` outcomes to this caller for {@link OUTCOME_LEASE_SECONDS}. */
  lease(max: number): Promise<readonly Outcome[]>
  acknowledge(outcomes: readonly Outcome[]): Promise<void>
  /** Of those that this mailer adds. */
  readonly changes: Pick<Changes, 'subscribe'>
}

const UNREPORTED = 'ea:mail:{outcomes}'
/** Outcomes are dropped after this, because their numbers have expired. */
const KEPT_MS = 25 * 3_600_000
const MOST = 100_000

const leaseScript = defineRule(leaseLua, {
  args: ['leaseMs', 'most'],
  decode: (names: readonly Buffer[]) => names.map((name) => read(name.toString())),
})

export function createOutcomeList(redis: RedisConnection, now: () => number): OutcomeList {
  const changes = createChanges()
  return {
    changes,
    async add(name, state) {
      const { success, data } = outcome.safeParse({ ...pickName(name), state })
      if (!success) return
      // One write to Redis takes them all.
      await Promise.all([
        redis.zadd(UNREPORTED, 'NX', now(), write(data)),
        redis.zremrangebyrank(UNREPORTED, 0, -1 - MOST),
        redis.pexpire(UNREPORTED, KEPT_MS),
      ])
      changes.happened()
    },
    async lease(max) {
      return leaseScript(redis, [UNREPORTED], { leaseMs: OUTCOME_LEASE_SECONDS * 1000, most: max })
    },
    async acknowledge(outcomes) {
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
  // Written by `add`, which takes only states that are reported.
  return { ...readName(text.slice(space + 1)), state: text.slice(0, space) as Outcome['state'] }
}
