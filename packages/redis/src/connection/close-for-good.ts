import { Cluster } from 'ioredis'
import type { RedisConnection } from './connection.ts'

const closed = new WeakSet<RedisConnection>()

/**
 * Whether the caller has closed this connection. The status of ioredis does not say so: that of a Cluster may
 * be `close` after its `end`, and that of a connection which waited for its next attempt stays as it was.
 */
export const isClosed = (redis: RedisConnection): boolean => closed.has(redis)

/**
 * Makes `disconnect` final. ioredis reports no `end` where it waited for its next attempt. And when the nodes
 * of a Cluster end one after another it may plan two attempts, of which it later cancels one.
 */
export function closeForGood(redis: RedisConnection): void {
  const disconnect = redis.disconnect.bind(redis)
  redis.disconnect = (reconnect = false) => {
    if (reconnect) return disconnect(reconnect)
    closed.add(redis)
    const hasNothingToClose = redis.status === 'reconnecting'
    disconnect()
    if (hasNothingToClose) redis.emit('end')
  }
  if (!(redis instanceof Cluster)) return
  const connect = redis.connect.bind(redis)
  redis.connect = async () => {
    if (isClosed(redis)) throw new Error('Connection is closed.')
    return connect()
  }
}
