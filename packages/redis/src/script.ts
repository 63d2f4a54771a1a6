import { createHash } from 'node:crypto'
import { collect } from './collect.ts'
import type { RedisConnection } from './connect.ts'

/** An argument of a script: text or raw bytes. */
export type ScriptValue = string | Buffer | number

/** One rule, one script: called with its keys (all in one hash slot) and its arguments; replies come as raw bytes. */
export type Script<Reply> = (
  redis: RedisConnection,
  keys: readonly string[],
  args: readonly ScriptValue[],
) => Promise<Reply>

/** So many calls in one run of a script at most: Redis does nothing else meanwhile. */
const MOST_CALLS = 64

// One run does all calls that have the same keys, one after another, because a command costs client and Redis as much as a rule. They travel
// as one argument: each call is its length and its arguments, each of these its length and its bytes. What goes wrong in one call
// is that call's alone.
const runOf = (shared: string, rule: string) => `
local PACKED, ARGV, before_each, after_all = ARGV[1], nil, nil, nil
local function unpack_values(packed)
  local values, at = {}, 1
  while at <= #packed do values[#values + 1], at = struct.unpack('>I4c0', packed, at) end
  return values
end
${shared}
local function rule()
${rule}
end
local replies = {}
for i, call in ipairs(unpack_values(PACKED)) do
  ARGV = unpack_values(call)
  if before_each then before_each() end
  local done, reply = pcall(rule)
  if not done and type(reply) ~= 'table' then reply = { err = tostring(reply) } end
  replies[i] = reply or false
end
if after_all then after_all() end
return replies
`

/**
 * Makes a Lua script callable. The last part is the rule; what stands before it is shared by all calls of a run, and may give `before_each`
 * and `after_all` functions of their names. The rule finds its keys in KEYS and its arguments in ARGV as always, and returns its reply. Calls with the same
 * keys that are made in one turn of the event loop travel together; each is a step of its own, with its own reply or error. The script travels once per
 * Redis process; after that only its SHA-1.
 */
export function defineScript<Reply>(...parts: readonly string[]): Script<Reply> {
  const lua = runOf(parts.slice(0, -1).join('\n'), parts.at(-1) ?? '')
  const sha = createHash('sha1').update(lua).digest('hex')

  async function run(connection: RedisConnection, keys: readonly string[], calls: readonly Buffer[]) {
    const redis = connection as unknown as ScriptCommands<Reply>
    const packed = pack(calls)
    try {
      return await redis.evalshaBuffer(sha, keys.length, ...keys, packed)
    } catch (error) {
      // Nothing has run when Redis answers NOSCRIPT, so sending the whole script is no second call.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return await redis.evalBuffer(lua, keys.length, ...keys, packed)
    }
  }

  const ways = new WeakMap<RedisConnection, (keys: string, call: Buffer) => Promise<Reply>>()
  function wayTo(redis: RedisConnection) {
    const known = ways.get(redis)
    if (known !== undefined) return known
    const way = collect(
      (keys: string, calls: readonly Buffer[]) => run(redis, keys.split('\n'), calls),
      MOST_CALLS,
    )
    ways.set(redis, way)
    return way
  }
  // No key of ours holds an end of line.
  return (redis, keys, args) => wayTo(redis)(keys.join('\n'), pack(args))
}

function pack(values: readonly ScriptValue[]): Buffer {
  let length = 0
  const lengths = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const own = Buffer.isBuffer(value) ? value.length : Buffer.byteLength(String(value))
    lengths[i] = own
    length += 4 + own
  }
  const packed = Buffer.allocUnsafe(length)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    at = packed.writeUInt32BE(lengths[i] ?? 0, at)
    at += Buffer.isBuffer(value) ? value.copy(packed, at) : packed.write(String(value), at)
  }
  return packed
}

/** ioredis has these for both kinds of connection; its types leave them out. */
interface ScriptCommands<Reply> {
  evalshaBuffer(sha: string, numberOfKeys: number, ...values: ScriptValue[]): Promise<(Reply | Error)[]>
  evalBuffer(lua: string, numberOfKeys: number, ...values: ScriptValue[]): Promise<(Reply | Error)[]>
}
