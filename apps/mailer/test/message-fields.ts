import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { scriptCommands } from '@emailauth/redis/connection/ioredis-internals'
import { type MessageName, stateKeyOf } from '../src/message-state/message-name.ts'

// Fields of a message's state in Redis, as src/message-state/lua/partition.lua names them.

const READ = `
  local value, at, name, text = redis.call('GET', KEYS[1]) or '', 5
  if string.sub(value, 1, 1) == '\\1' then
    local i, from = struct.unpack('Bc0', value, 2)
    return ({ i = i, ['c:'] = string.sub(value, from) })[ARGV[1]] or false
  end
  while at <= #value do
    name, text, at = struct.unpack('>I2c0I4c0', value, at)
    if name == ARGV[1] then return text end
  end
  return false`
// The field stands behind one of the same name, and so replaces it for the rules.
const WRITE = `
  local value = redis.call('GET', KEYS[1]) or struct.pack('>I4', 0)
  local field = struct.pack('>I2c0I4c0', #ARGV[1], ARGV[1], #ARGV[2], ARGV[2])
  value = struct.pack('>I4', struct.unpack('>I4', value) + 1) .. string.sub(value, 5) .. field
  redis.call('SET', KEYS[1], value, 'PX', 60000)`

/** The bytes of these fields, whose texts are in latin1. */
export function packFields(fields: readonly (readonly [name: string, text: string])[]): Buffer {
  const packed = fields.flatMap(([name, text]) => {
    const lengths = [Buffer.alloc(2), Buffer.alloc(4)] as const
    lengths[0].writeUInt16BE(name.length)
    lengths[1].writeUInt32BE(text.length)
    return [lengths[0], Buffer.from(name), lengths[1], Buffer.from(text, 'latin1')]
  })
  const count = Buffer.alloc(4)
  count.writeUInt32BE(fields.length)
  return Buffer.concat([count, ...packed])
}

type Kind = 'a' | 'l' | 'r' | 'd' | 'c'

const keyOf = ({ identityId }: MessageName) => `ea:mail:{0}:m:${stateKeyOf(identityId)}`
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
