import { defineRule } from '@emailauth/redis/rules/rule'
import acceptLua from './lua/accept.lua'
import claimLua from './lua/claim.lua'
import configureLua from './lua/configure.lua'
import endpointLua from './lua/endpoint.lua'
import finishLua from './lua/finish.lua'
import forgetLua from './lua/forget.lua'
import knownLua from './lua/known.lua'
import replayLua from './lua/replay.lua'
import resealLua from './lua/reseal.lua'
import restLua from './lua/rest.lua'

const library = { endpoint: endpointLua }
const texts = (values: readonly Buffer[]) => values.map(String)

/** An event that was claimed, as Redis keeps it. */
interface ClaimedValue {
  readonly lane: string
  readonly id: string
  readonly value: Buffer
  readonly tries: number
}

/** The rules of webhook deliveries. The head of each Lua file says what its arguments and replies are. */
export const rules = {
  accept: defineRule(acceptLua, {
    library,
    args: ['now', 'most', 'waitMs', 'job', 'mode', 'mostFailed', 'failedMs'],
    each: ['id', 'value'],
    decode: ([job, , dropped]: [job: Buffer, queued: number, dropped: Buffer[]]) => ({
      job: job.toString(),
      dropped: texts(dropped),
    }),
  }),
  claim: defineRule(claimLua, { library, args: ['now', 'leaseMs', 'most'], decode: decodeClaim }),
  configure: defineRule(configureLua, {
    library,
    args: ['version', 'enabled', 'sealed', 'keptMs', 'now'],
    decode: (isDue: number) => isDue === 1,
  }),
  finish: defineRule(finishLua, {
    library,
    args: ['now', 'lane', 'id', 'outcome', 'next', 'attempt', 'mostAttempts', 'keptMs', 'mostFailed'],
    decode: (failing: Buffer) => (failing.length === 0 ? undefined : Number(String(failing))),
  }),
  forget: defineRule(forgetLua, { library, args: ['most'], decode: (isMore: number) => isMore === 1 }),
  known: defineRule(knownLua, { args: ['keptMs'], each: ['id'], decode: texts }),
  replay: defineRule(replayLua, {
    library,
    args: ['now', 'waitMs', 'job', 'since', 'most', 'mostWaiting'],
    each: ['id'],
    decode: ([job, ...ids]: [job: Buffer, ...ids: Buffer[]]) => ({ job: job.toString(), ids: texts(ids) }),
  }),
  reseal: defineRule(resealLua, { args: ['field', 'before', 'after'], decode: (moved: number) => moved }),
  rest: defineRule(restLua, { library, args: ['job', 'next', 'keptMs'], decode: decodeRest }),
}

function decodeClaim(parts: readonly Buffer[]): ClaimedValue[] {
  const claimed: ClaimedValue[] = []
  for (let at = 0; at + 3 < parts.length; at += 4) {
    // Four are left, as the loop has checked.
    const [lane, id, value, tries] = parts.slice(at, at + 4) as [Buffer, Buffer, Buffer, Buffer]
    claimed.push({ lane: String(lane), id: String(id), value, tries: Number(String(tries)) })
  }
  return claimed
}

function decodeRest([job, due]: readonly Buffer[]):
  | { readonly job: string; readonly dueMs: number | undefined }
  | undefined {
  if (job === undefined) return undefined
  return {
    job: job.toString(),
    dueMs: due === undefined || due.length === 0 ? undefined : Number(String(due)),
  }
}
