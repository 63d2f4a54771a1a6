import { createHash } from 'node:crypto'
import { createGatherBy } from '@emailauth/gather/gather-by'
import { Cluster } from 'ioredis'
import type { RedisConnection } from '../connection/connection.ts'
import { scriptCommands } from '../connection/ioredis-internals.ts'
import { leaveReplica } from '../connection/read-only.ts'

/** An argument of a script: text or raw bytes. */
export type ScriptValue = string | Buffer | number

/** A Lua script as a function. Its keys must be in one hash slot. Replies are raw bytes. */
export type Script<Reply> = (
  redis: RedisConnection,
  keys: readonly string[],
  args: Arguments,
) => Promise<Reply>

type Arguments = readonly ScriptValue[]

/** Most calls in one run. Redis does nothing else during a run. */
const MOST_CALLS = 64

// One run executes several calls with the same keys one after another, because a command costs as much as a
// rule. All calls are in one argument: for each call the count of its arguments, then length and bytes of
// each argument. Many are unpacked at once, because a call from Lua into C costs more than the unpacking. Lua
// is faster with locals than with globals. An error in one call does not affect the others. An error after
// all of them is the error of each.
const runOf = (shared: readonly string[], rule: string) => `
local redis, struct, string, math, table = redis, struct, string, math, table
local tonumber, tostring, ipairs, pairs, type = tonumber, tostring, ipairs, pairs, type
local PACKED, ARGV, before_each, after_all = ARGV[1], nil, nil, nil
${inScopes([...shared.slice(0, PARTS_OF_ALL), `${shared.slice(PARTS_OF_ALL).join('\n')}${callsOf(rule)}`])}`

/**
 * The first parts (clock and partition) are used by all that follow. What they define is in a function around
 * the rest. A run makes all functions anew, and Lua looks for each local that one of them uses among all
 * such locals of the same function. For those of a function around it there is nothing to look for. More
 * levels save nothing, because each level takes along what the ones within it use.
 */
const PARTS_OF_ALL = 2

function inScopes(parts: readonly string[]): string {
  return parts.reduceRight(
    (inner, part) => `local function scope()\n${part}\n${inner}\nend\nreturn scope()\n`,
    '',
  )
}

const callsOf = (rule: string) => `
local function rule()
${rule}
end
local function call()
  if before_each then before_each() end
  return rule()
end
local function to_error(fault)
  return type(fault) == 'table' and fault or { err = tostring(fault) }
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
  if count <= 100 then return unpack_some(count, at) end
  local values, more
  values, at = unpack_some(100, at)
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
  local done, reply = pcall(call)
  if not done then reply = to_error(reply) end
  replies[#replies + 1] = reply or false
end
if after_all then
  local done, fault = pcall(after_all)
  if not done then
    for i = 1, #replies do replies[i] = to_error(fault) end
  end
end
return replies
`

/**
 * Makes a Lua script callable. The last part is the rule. Its keys are in KEYS, its arguments in ARGV, and it
 * returns its reply, which `decode` turns into that of the call. The parts before it are shared by all calls
 * of a run and may define `before_each` and `after_all`.
 *
 * Calls of one tick with the same keys are one run, on a Cluster those of two turns of the event loop: there
 * the replies that calls waited for come from several nodes, one turn after another. Each call has its own
 * reply or error. The source is sent once to each Redis process, later only its SHA-1.
 */
export function defineScript<Raw, Reply>(
  parts: readonly string[],
  decode: (reply: Raw) => Reply,
): Script<Reply> {
  const lua = runOf(parts.slice(0, -1), parts.at(-1) ?? '')
  const sha = createHash('sha1').update(lua).digest('hex')

  async function run(connection: RedisConnection, keys: readonly string[], calls: readonly Arguments[]) {
    const replies = await send(connection, keys, packCalls(calls))
    leaveReplica(connection, replies)
    return replies.map((reply) => (reply instanceof Error ? reply : decoded(reply)))
  }

  function decoded(reply: Raw): Reply | Error {
    try {
      return decode(reply)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  async function send(connection: RedisConnection, keys: readonly string[], packed: Buffer) {
    const redis = scriptCommands(connection)
    try {
      // The envelope of the script replies one reply or error for each call.
      return (await redis.evalshaBuffer(sha, keys.length, ...keys, packed)) as (Raw | Error)[]
    } catch (error) {
      // After NOSCRIPT nothing has run, so sending the whole script does not repeat the call.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return (await redis.evalBuffer(lua, keys.length, ...keys, packed)) as (Raw | Error)[]
    }
  }

  const queues = new WeakMap<RedisConnection, (keys: string, call: Arguments) => Promise<Reply>>()
  function queueOf(redis: RedisConnection) {
    const known = queues.get(redis)
    if (known !== undefined) return known
    const queue = createGatherBy<Arguments, Reply>({
      until: redis instanceof Cluster ? 'two-turns' : 'tick',
      max: MOST_CALLS,
      run: (keys, calls) => run(redis, keys.split('\n'), calls),
    })
    queues.set(redis, queue)
    return queue
  }
  // Our keys have no line breaks.
  return (redis, keys, args) => queueOf(redis)(keys.join('\n'), args)
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
        typeof value === 'object' ? value.copy(packed, at + 4) : writeText(packed, String(value), at + 4)
      at = packed.writeUInt32BE(size, at) + size
    }
  }
  return packed.subarray(0, at)
}

/** Up to this length a loop is faster than a call into C++, which takes 0.1 µs. */
const SHORT_TEXT = 48

/** Writes UTF-8 and returns how many bytes it took. */
function writeText(packed: Buffer, text: string, at: number): number {
  // Read once: V8 has several kinds of strings, and looks for the length of each anew.
  const { length } = text
  if (length > SHORT_TEXT) return packed.write(text, at)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return packed.write(text, at)
    packed[at + i] = code
  }
  return length
}

/**
 * An upper bound, cheaper than counting. A UTF-16 unit is at most 3 bytes of UTF-8, a number at most 24
 * characters.
 */
function mostBytesOf(value: ScriptValue): number {
  if (typeof value === 'object') return value.length
  return typeof value === 'string' ? 3 * value.length : 24
}
