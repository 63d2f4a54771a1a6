import { Redis } from 'ioredis'

/**
 * One command to the server at a port of loopback, on a connection of its own. Its reply is text, as
 * redis-cli writes it into a pipe: a line for each item. No process is started, because waiting for a server
 * sends hundreds.
 */
export async function redisCommand(port: number, name: string, ...args: readonly string[]): Promise<string> {
  const redis = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    // A server that is down, or still loads its data, is an error at once: the caller decides to ask again.
    retryStrategy: () => null,
    enableReadyCheck: false,
    // Only the command itself is sent, so that tests which read the server's counters see nothing else.
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: 10_000,
    commandTimeout: 10_000,
  })
  // What fails rejects the call too.
  redis.on('error', () => {})
  try {
    await redis.connect()
    const reply = await redis.call(name, ...args)
    return [reply].flat(Number.POSITIVE_INFINITY).map(asText).join('\n').trim()
  } finally {
    redis.disconnect()
  }
}

const asText = (item: unknown): string => (item === null ? '' : String(item))
