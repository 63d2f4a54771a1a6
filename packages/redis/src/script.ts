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

/**
 * Makes a Lua script callable. Parts are joined in the order given, so that shared functions come first. The script travels
 * once per Redis process; after that only its SHA-1.
 */
export function defineScript<Reply>(...parts: readonly string[]): Script<Reply> {
  const lua = parts.join('\n')
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (connection, keys, args) => {
    const redis = connection as unknown as ScriptCommands
    try {
      return (await redis.evalshaBuffer(sha, keys.length, ...keys, ...args)) as Reply
    } catch (error) {
      // Nothing has run when Redis answers NOSCRIPT, so sending the whole script is no second call.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return (await redis.evalBuffer(lua, keys.length, ...keys, ...args)) as Reply
    }
  }
}

/** ioredis has these for both kinds of connection; its types leave them out. */
interface ScriptCommands {
  evalshaBuffer(sha: string, numberOfKeys: number, ...values: ScriptValue[]): Promise<unknown>
  evalBuffer(lua: string, numberOfKeys: number, ...values: ScriptValue[]): Promise<unknown>
}
