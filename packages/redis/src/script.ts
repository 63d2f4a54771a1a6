import { createHash } from 'node:crypto'
import { createGatherBy } from '@emailauth/gather/gather-by'
import type { RedisConnection } from './connection.ts'
import { scriptCommands } from './ioredis-internals.ts'
import { leaveReplica } from './read-only.ts'

/** An argument of a script: text or raw bytes. */
export type ScriptValue = string | Buffer | number

/** One rule, one script: called with its keys (all in one hash slot) and its arguments; replies come as raw bytes. */
export type Script<Reply> = (
  redis: RedisConnection,
  keys: readonly string[],
  args: Arguments,
) => Promise<Reply>

type Arguments = readonly ScriptValue[]

/** Calls in one run at most. Redis does nothing else while a run lasts. */
const MOST_CALLS = 64

// One run does all calls that have the same keys, one after another: a command costs client and Redis as much as a rule.
// The calls travel as one argument: for each call the count of its arguments, then length and bytes of each argument. They are
// unpacked many at a time, because a call from Lua into C costs more than the unpacking. Locals are faster than globals in Lua.
// An error in one call is that call's alone.
const runOf = (shared: string, rule: string) => `
local redis, struct, string, math, table = redis, struct, string, math, table
local tonumber, tostring, ipairs, pairs, type = tonumber, tostring, ipairs, pairs, type
local PACKED, ARGV, before_each, after_all = ARGV[1], nil, nil, nil
${shared}
local function rule()
${rule}
end
local formats = {}
local function unpack_some(count, at)
  formats[count] = formats[count] or '>' .. string.rep('I4c0', count)
  local values = { struct.unpack(formats[count], PACKED, at) }
  local after = values[count + 1]
  values[count + 1] = nil
  return values, after
end
local function unpack_values(count, at)
  local values, more
  values, at = unpack_some(math.min(count, 100), at)
  while #values < count do
    more, at = unpack_some(math.min(count - #values, 100), at)
    for _, value in ipairs(more) do values[#values + 1] = value end
  end
  return values, at
end
local replies, at, count = {}, 1
while at <= #PACKED do
  count, at = struct.unpack('>I4', PACKED, at)
  ARGV, at = unpack_values(count, at)
  if before_each then before_each() end
  local done, reply = pcall(rule)
  if not done and type(reply) ~= 'table' then reply = { err = tostring(reply) } end
  replies[#replies + 1] = reply or false
end
if after_all then after_all() end
return replies
`

/**
 * Makes a Lua script callable. The last part is the rule: it finds its keys in KEYS, its arguments in ARGV, and returns its reply. The parts
 * before it are shared by all calls of a run and may define `before_each` and `after_all`.
 *
 * Calls with the same keys that are made in one tick are one run; each has its own reply or error. The source is sent once to each Redis
 * process, later only its SHA-1.
 */
export function defineScript<Reply>(...parts: readonly string[]): Script<Reply> {
  const lua = runOf(parts.slice(0, -1).join('\n'), parts.at(-1) ?? '')
  const sha = createHash('sha1').update(lua).digest('hex')

  async function run(connection: RedisConnection, keys: readonly string[], calls: readonly Arguments[]) {
    const replies = await send(connection, keys, packCalls(calls))
    leaveReplica(connection, replies)
    return replies
  }

  async function send(connection: RedisConnection, keys: readonly string[], packed: Buffer) {
    const redis = scriptCommands(connection)
    try {
      return (await redis.evalshaBuffer(sha, keys.length, ...keys, packed)) as (Reply | Error)[]
    } catch (error) {
      // Nothing has run when Redis answers NOSCRIPT, so sending the whole script is no second call.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return (await redis.evalBuffer(lua, keys.length, ...keys, packed)) as (Reply | Error)[]
    }
  }

  const ways = new WeakMap<RedisConnection, (keys: string, call: Arguments) => Promise<Reply>>()
  function wayTo(redis: RedisConnection) {
    const known = ways.get(redis)
    if (known !== undefined) return known
    const way = createGatherBy<Arguments, Reply>({
      until: 'tick',
      max: MOST_CALLS,
      run: (keys, calls) => run(redis, keys.split('\n'), calls),
    })
    ways.set(redis, way)
    return way
  }
  // No key of ours holds an end of line.
  return (redis, keys, args) => wayTo(redis)(keys.join('\n'), args)
}

function packCalls(calls: readonly Arguments[]): Buffer {
  let most = 0
  for (const values of calls) {
    most += 4
    for (const value of values) most += 4 + mostBytesOf(value)
  }
  const packed = Buffer.allocUnsafe(most)
  let at = 0
  for (const values of calls) {
    at = packed.writeUInt32BE(values.length, at)
    for (const value of values) {
      const size =
        typeof value === 'object' ? value.copy(packed, at + 4) : packed.write(String(value), at + 4)
      at = packed.writeUInt32BE(size, at) + size
    }
  }
  return packed.subarray(0, at)
}

/** An upper bound, cheaper than counting: a UTF-16 unit is at most three bytes of UTF-8, a number at most 24 characters. */
function mostBytesOf(value: ScriptValue): number {
  if (typeof value === 'object') return value.length
  return typeof value === 'string' ? 3 * value.length : 24
}
