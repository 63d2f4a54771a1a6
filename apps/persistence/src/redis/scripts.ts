import { defineScript, type ScriptValue } from '@emailauth/redis/script'
import buckets from './lua/buckets.lua'
import claim from './lua/claim.lua'
import events from './lua/events.lua'
import find from './lua/find.lua'
import identities from './lua/identities.lua'
import limits from './lua/limits.lua'
import list from './lua/list.lua'
import refund from './lua/refund.lua'
import register from './lua/register.lua'
import remove from './lua/remove.lua'
import report from './lua/report.lua'
import reseal from './lua/reseal.lua'
import resend from './lua/resend.lua'
import reserve from './lua/reserve.lua'
import rollUp from './lua/roll-up.lua'
import space from './lua/space.lua'
import statistics from './lua/statistics.lua'
import swap from './lua/swap.lua'
import sweep from './lua/sweep.lua'
import sweepSpace from './lua/sweep-space.lua'
import verify from './lua/verify.lua'

// The head of each Lua file says its arguments and replies; these are the same replies as types.

type Text = Buffer

/** Arguments of a script, while they are put together. */
export type ScriptArguments = ScriptValue[]

export type RegisterReply =
  | [kind: Text, createdAt: Text, expiresAt: Text, replaced: Buffer]
  | [kind: Text, limit: Text, seconds: number]
  | [kind: Text, reply: Buffer, record: Buffer]
  | [kind: Text, live: number]
  | [kind: Text]

export type VerifyReply =
  | [kind: Text, member: Buffer, record: Buffer]
  | [kind: Text, limit: Text, seconds: number]
  | [kind: Text]

export type ResendReply =
  | [kind: Text, moment: Text, record: Buffer]
  | [kind: Text, limit: Text, seconds: number]
  | [kind: Text]

/** Live identities, then where a bounded step goes on, then place, member and record of each entry. */
export type ListReply = [live: number, nextPlace: Text, nextMember: Buffer, ...entries: Buffer[]]

/** What the rules over identities share, in the order in which one part builds on another. */
const common = [space, buckets, identities] as const

/** One rule, one script. */
export const scripts = {
  register: defineScript<RegisterReply>(...common, events, limits, sweepSpace, register),
  verify: defineScript<VerifyReply>(...common, events, limits, verify),
  resend: defineScript<ResendReply>(...common, events, limits, resend),
  remove: defineScript<[Text]>(...common, events, remove),
  find: defineScript<[] | [member: Buffer, record: Buffer]>(...common, find),
  list: defineScript<ListReply>(...common, list),
  reserve: defineScript<[Text] | [Text, seconds: number]>(...common, limits, reserve),
  refund: defineScript<[Text]>(space, refund),
  claim: defineScript<[Text]>(space, claim),
  reseal: defineScript<number>(reseal),
  sweep: defineScript<Buffer[]>(...common, events, rollUp, sweepSpace, sweep),
  report: defineScript<number>(space, events, report),
  statistics: defineScript<Buffer[][]>(space, rollUp, statistics),
  swap: defineScript<number>(swap),
}
