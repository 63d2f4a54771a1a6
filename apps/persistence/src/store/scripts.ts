import { withIncludes } from '@emailauth/redis/include'
import { defineScript, type ScriptValue } from '@emailauth/redis/script'
import buckets from '../lua/lib/buckets.lua'
import clock from '../lua/lib/clock.lua'
import events from '../lua/lib/events.lua'
import identities from '../lua/lib/identities.lua'
import limits from '../lua/lib/limits.lua'
import partition from '../lua/lib/partition.lua'
import rollUp from '../lua/lib/roll-up.lua'
import sweepPartition from '../lua/lib/sweep-partition.lua'
import windows from '../lua/lib/windows.lua'
import appendAudit from '../lua/rules/append-audit.lua'
import appendEvent from '../lua/rules/append-event.lua'
import claim from '../lua/rules/claim.lua'
import countActs from '../lua/rules/count-acts.lua'
import exchange from '../lua/rules/exchange.lua'
import find from '../lua/rules/find.lua'
import forgetWebhooks from '../lua/rules/forget-webhooks.lua'
import list from '../lua/rules/list.lua'
import outboxAcknowledge from '../lua/rules/outbox-acknowledge.lua'
import outboxLease from '../lua/rules/outbox-lease.lua'
import refund from '../lua/rules/refund.lua'
import register from '../lua/rules/register.lua'
import remove from '../lua/rules/remove.lua'
import report from '../lua/rules/report.lua'
import reseal from '../lua/rules/reseal.lua'
import resend from '../lua/rules/resend.lua'
import reserve from '../lua/rules/reserve.lua'
import signInBegin from '../lua/rules/sign-in-begin.lua'
import signInFinish from '../lua/rules/sign-in-finish.lua'
import statistics from '../lua/rules/statistics.lua'
import swap from '../lua/rules/swap.lua'
import sweep from '../lua/rules/sweep.lua'
import verify from '../lua/rules/verify.lua'
import webhookWrite from '../lua/rules/webhook-write.lua'
import type { RuleReply } from './replies.ts'

// The head of each Lua file documents its arguments and replies. These are the replies as types. replies.ts
// decodes those of several kinds.

type Text = Buffer

/** Arguments of a script while they are collected. */
export type ScriptArguments = ScriptValue[]

export type SignInBeginReply = [kind: Text, found: Buffer, expiresAt?: Text, mail?: number]

/** Live identities, then where the next bounded step begins, then score, member and record of each entry. */
export type ListReply = [live: number, nextScore: Text, nextMember: Buffer, ...entries: Buffer[]]

/** The parts that rules name by `--- @include`. */
const library = {
  clock,
  partition,
  buckets,
  identities,
  events,
  limits,
  windows,
  'roll-up': rollUp,
  'sweep-partition': sweepPartition,
}

const rule = <Reply>(lua: string) => defineScript<Reply>(...withIncludes(library, lua))

/** The rules. */
export const scripts = {
  register: rule<RuleReply>(register),
  verify: rule<RuleReply>(verify),
  exchange: rule<RuleReply>(exchange),
  resend: rule<RuleReply>(resend),
  remove: rule<[Text]>(remove),
  find: rule<[] | [member: Buffer, record: Buffer]>(find),
  list: rule<ListReply>(list),
  reserve: rule<[Text] | [Text, seconds: number]>(reserve),
  refund: rule<[Text]>(refund),
  claim: rule<[Text]>(claim),
  reseal: rule<number>(reseal),
  sweep: rule<Buffer[]>(sweep),
  report: rule<number>(report),
  statistics: rule<Buffer[][]>(statistics),
  appendAudit: rule<number>(appendAudit),
  countActs: rule<number>(countActs),
  swap: rule<number>(swap),
  appendEvent: rule<number>(appendEvent),
  webhookWrite: rule<number>(webhookWrite),
  forgetWebhooks: rule<number>(forgetWebhooks),
  outboxLease: rule<number>(outboxLease),
  outboxAcknowledge: rule<number>(outboxAcknowledge),
  signInBegin: rule<SignInBeginReply>(signInBegin),
  signInFinish: rule<[kind: Text]>(signInFinish),
}
