import type { RedisConnection } from '@emailauth/redis/connect'
import { scriptCommands } from '@emailauth/redis/ioredis-internals'
import type { MessageName } from '../src/message-state/message-name.ts'

// Fields of a message's state in Redis, as src/message-state/lua/partition.lua names them.

const READ = `
  local value = redis.call('GET', KEYS[1])
  return value and cmsgpack.unpack(value)[ARGV[1]] or false`
const WRITE = `
  local value = redis.call('GET', KEYS[1])
  local fields = value and cmsgpack.unpack(value) or {}
  fields[ARGV[1]] = ARGV[2]
  redis.call('SET', KEYS[1], cmsgpack.pack(fields), 'PX', 60000)`

type Kind = 'a' | 'l' | 'r' | 'd' | 'c'

const keyOf = ({ identityId }: MessageName) => `ea:mail:{0}:messages:${identityId}`
const fieldOf = ({ identityId, messageId }: MessageName, kind: Kind) =>
  `${kind}:${messageId === identityId ? '' : messageId}`

/** Null when there is no such field. */
export async function readField(
  redis: RedisConnection,
  name: MessageName,
  kind: Kind,
): Promise<Buffer | null> {
  return (await scriptCommands(redis).evalBuffer(READ, 1, keyOf(name), fieldOf(name, kind))) as Buffer | null
}

export async function writeField(
  redis: RedisConnection,
  name: MessageName,
  kind: Kind,
  value: string | Buffer,
): Promise<void> {
  await redis.eval(WRITE, 1, keyOf(name), fieldOf(name, kind), value)
}
