import { defineRule, type Rule, type RuleArguments } from '@emailauth/redis/rules/rule'
import addresses from '../lua/lib/addresses.lua'
import buckets from '../lua/lib/buckets.lua'
import due from '../lua/lib/due.lua'
import events from '../lua/lib/events.lua'
import identities from '../lua/lib/identities.lua'
import limits from '../lua/lib/limits.lua'
import nextVisit from '../lua/lib/next-visit.lua'
import partition from '../lua/lib/partition.lua'
import rollUp from '../lua/lib/roll-up.lua'
import sweepPartition from '../lua/lib/sweep-partition.lua'
import windows from '../lua/lib/windows.lua'
import appendAudit from '../lua/rules/append-audit.lua'
import appendEvent from '../lua/rules/append-event.lua'
import claim from '../lua/rules/claim.lua'
import countActs from '../lua/rules/count-acts.lua'
import dueAnnounce from '../lua/rules/due-announce.lua'
import dueComplete from '../lua/rules/due-complete.lua'
import dueLease from '../lua/rules/due-lease.lua'
import exchange from '../lua/rules/exchange.lua'
import find from '../lua/rules/find.lua'
import forgetWebhooks from '../lua/rules/forget-webhooks.lua'
import list from '../lua/rules/list.lua'
import migrationSave from '../lua/rules/migration-save.lua'
import notify from '../lua/rules/notify.lua'
import outboxAcknowledge from '../lua/rules/outbox-acknowledge.lua'
import outboxLease from '../lua/rules/outbox-lease.lua'
import passkeyReserve from '../lua/rules/passkey-reserve.lua'
import passkeyRetire from '../lua/rules/passkey-retire.lua'
import refund from '../lua/rules/refund.lua'
import refundMail from '../lua/rules/refund-mail.lua'
import register from '../lua/rules/register.lua'
import remove from '../lua/rules/remove.lua'
import report from '../lua/rules/report.lua'
import reseal from '../lua/rules/reseal.lua'
import resend from '../lua/rules/resend.lua'
import reserve from '../lua/rules/reserve.lua'
import sessionAdmit from '../lua/rules/session-admit.lua'
import signInBegin from '../lua/rules/sign-in-begin.lua'
import signInFinish from '../lua/rules/sign-in-finish.lua'
import statistics from '../lua/rules/statistics.lua'
import swap from '../lua/rules/swap.lua'
import sweep from '../lua/rules/sweep.lua'
import verify from '../lua/rules/verify.lua'
import webhookWrite from '../lua/rules/webhook-write.lua'
import {
  count,
  decodeDueLease,
  decodeFind,
  decodeList,
  decodeSessionAdmit,
  decodeStatistics,
  decodeSweep,
  decodeWebhookWrite,
  done,
} from './read-replies.ts'
import {
  decodeClaim,
  decodeRefund,
  decodeRefundMail,
  decodeRegister,
  decodeRemove,
  decodeResend,
  decodeReserve,
  decodeSignInBegin,
  decodeSignInFinish,
  decodeVerify,
  inTime,
} from './replies.ts'

/** The parts that rules name by `--- @include`. */
const library = {
  partition,
  addresses,
  buckets,
  identities,
  events,
  limits,
  windows,
  'roll-up': rollUp,
  'sweep-partition': sweepPartition,
  'next-visit': nextVisit,
  due,
}

/** The arguments of a call, by the names that its rule uses in Lua, and how its reply is decoded. */
function rule<const Name extends string, Raw, Reply, const EachName extends string = never>(
  lua: string,
  args: readonly Name[],
  decode: (reply: Raw) => Reply,
  each: readonly EachName[] = [],
): Rule<RuleArguments<Name, EachName>, Reply> {
  return defineRule(lua, { library, args, each, decode: (reply: Raw) => decode(inTime(reply)) })
}

/** What a repeated call is recognised by. */
const CALL = ['request', 'fingerprint'] as const
/** The logs that count a client: of its network, and of the IPv6 /48 around it. */
const CLIENT = ['network', 'wider'] as const

/** The rules. The head of each Lua file says what its arguments and replies are. */
export const scripts = {
  register: rule(
    register,
    [
      'now',
      'lifeMs',
      'salt',
      'secrets',
      'mostLive',
      'keptMs',
      'mailRates',
      'networkRates',
      'detail',
      'widerRates',
      'tenantRate',
    ],
    decodeRegister,
    [...CALL, 'number', 'address', 'canonical', ...CLIENT],
  ),
  verify: rule(
    verify,
    [
      'now',
      'keptMs',
      'mostTries',
      'member',
      'networkRates',
      'budgetRates',
      'bound',
      'widerRates',
      'namedRate',
      'result',
      'resultMs',
    ],
    decodeVerify,
    [...CALL, 'number', 'address', ...CLIENT],
  ),
  exchange: rule(exchange, ['now', 'keptMs', 'member'], decodeVerify, [...CALL, 'result']),
  resend: rule(resend, ['now', 'keptMs', 'mailRates', 'member', 'detail'], decodeResend, [
    'request',
    'canonical',
  ]),
  remove: rule(remove, ['now', 'member', 'event', 'detail', 'reason'], decodeRemove, ['canonical']),
  find: rule(find, [], decodeFind, ['address']),
  list: rule(list, ['many', 'afterScore', 'afterMember'], decodeList),
  reserve: rule(reserve, ['now', 'log', 'rates'], decodeReserve, ['client']),
  refund: rule(refund, ['log', 'client'], decodeRefund),
  refundMail: rule(refundMail, ['now', 'momentAt'], decodeRefundMail, ['request', 'canonical']),
  claim: rule(claim, ['keptMs'], decodeClaim, CALL),
  sweep: rule(sweep, ['now', 'mostSeconds', 'mostMembers', 'rollUpDelayMs'], decodeSweep),
  dueAnnounce: rule(dueAnnounce, ['partition', 'dueMs'], done),
  dueLease: rule(dueLease, ['now', 'leaseMs', 'most'], decodeDueLease),
  dueComplete: rule(dueComplete, ['partition', 'lease', 'next'], done),
  notify: rule(notify, ['tenants'], String),
  migrationSave: rule(migrationSave, ['token', 'migration', 'next', 'lockMs'], done),
  report: rule(report, ['now'], count, ['outcome', 'member', 'mail', 'detail', 'reason']),
  statistics: rule(statistics, ['now', 'step', 'first', 'many'], decodeStatistics),
  appendEvent: rule(appendEvent, ['now', 'kind', 'name', 'onceMs', 'detail'], done),
  appendAudit: rule(appendAudit, ['mac', 'mostEntries', 'keptMs', 'head'], done, [
    'k',
    't',
    'g',
    'd',
    'n',
    'p',
    'm',
  ]),
  sessionAdmit: rule(sessionAdmit, ['id', 'beganAt', 'oldest', 'most', 'keptMs'], decodeSessionAdmit, [
    'ended',
  ]),
  countActs: rule(countActs, ['most', 'windowMs'], count),
  swap: rule(swap, ['before', 'after'], done),
  passkeyReserve: rule(passkeyReserve, ['id', 'most', 'keptMs'], done, ['known']),
  passkeyRetire: rule(passkeyRetire, ['id', 'keptMs'], done, ['other']),
  reseal: rule(reseal, ['field', 'before', 'after'], done),
  webhookWrite: rule(
    webhookWrite,
    ['id', 'before', 'after', 'most', 'version', 'cursor'],
    decodeWebhookWrite,
  ),
  forgetWebhooks: rule(forgetWebhooks, ['tenant', 'score'], done),
  outboxLease: rule(outboxLease, ['cursor', 'lease', 'leaseMs', 'next'], done),
  outboxAcknowledge: rule(outboxAcknowledge, ['lease', 'cursor'], done, ['id', 'version']),
  signInBegin: rule(
    signInBegin,
    ['now', 'lifeMs', 'mostMails', 'decoy', 'digest', 'sealed', 'ticket'],
    decodeSignInBegin,
    ['name', 'rates', 'older'],
  ),
  signInFinish: rule(signInFinish, ['now', 'digest', 'mostTries'], decodeSignInFinish),
}
