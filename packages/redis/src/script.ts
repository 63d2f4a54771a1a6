import { createHash } from 'node:crypto'
import type { RedisConnection } from './connect.ts'

/** A key or an argument of a script: text or raw bytes. */
export type ScriptValue = string | Buffer | number

/** One rule, one script: called with its keys (all in one hash slot) and its arguments; replies come as raw bytes. */
export type Script<Reply> = (
  redis: RedisConnection,
  keys: readonly ScriptValue[],
  args: readonly ScriptValue[],
) => Promise<Reply>

// The arguments travel as one string of "length, bytes" pairs: the client's work for each argument of a command is many times
// the work of packing it, and a rule has a dozen.
const UNPACK_ARGUMENTS = `local ARGV = (function(packed)
  local values, at = {}, 1
  while at <= #packed do values[#values + 1], at = struct.unpack('>I4c0', packed, at) end
  return values
end)(ARGV[1])
`

/**
 * Makes a Lua script callable. Parts are joined in the order given, so that shared functions come first. The script finds its
 * arguments in ARGV as always. It travels once per Redis process; after that only its SHA-1.
 */
export function defineScript<Reply>(...parts: readonly string[]): Script<Reply> {
  const lua = [UNPACK_ARGUMENTS, ...parts].join('\n')
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (connection, keys, args) => {
    const redis = connection as unknown as ScriptCommands
    const packed = packArguments(args)
    try {
      return (await redis.evalshaBuffer(sha, keys.length, ...keys, packed)) as Reply
    } catch (error) {
      // Nothing has run when Redis answers NOSCRIPT, so sending the whole script is no second call.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return (await redis.evalBuffer(lua, keys.length, ...keys, packed)) as Reply
    }
  }
}

function packArguments(args: readonly ScriptValue[]): Buffer {
  const texts = args.map((arg) => (typeof arg === 'number' ? String(arg) : arg))
  const lengths = texts.map((text) => (typeof text === 'string' ? Buffer.byteLength(text) : text.length))
  const packed = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0))
  let at = 0
  for (const [i, text] of texts.entries()) {
    at = packed.writeUInt32BE(lengths[i] ?? 0, at)
    at += typeof text === 'string' ? packed.write(text, at) : text.copy(packed, at)
  }
  return packed
}

/** ioredis has these for both kinds of connection; its types leave them out. */
interface ScriptCommands {
  evalshaBuffer(sha: string, numberOfKeys: number, ...values: ScriptValue[]): Promise<unknown>
  evalBuffer(lua: string, numberOfKeys: number, ...values: ScriptValue[]): Promise<unknown>
}
