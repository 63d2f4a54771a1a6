import type { RedisPlace } from './redis-place.ts'

/**
 * The configuration of our own redis-server or valkey-server. It goes in through stdin, so that no password stands in the
 * process list.
 */
export function redisConfig(folder: string, place: RedisPlace): string {
  const where =
    place.kind === 'socket'
      ? ['port 0', `unixsocket ${quoted(place.path)}`, 'unixsocketperm 700']
      : ['bind 127.0.0.1', `port ${place.port}`, `requirepass ${quoted(place.password)}`]
  return [
    ...where,
    `dir ${quoted(folder)}`,
    'appendonly yes',
    // Written and synced before the reply leaves: an acknowledged register survives kill -9 and a power cut. With `everysec` a
    // slow disk may hold the write itself back for up to two seconds.
    'appendfsync always',
    'save ""',
    // Without room a write fails; an eviction would silently kill a number that was mailed.
    'maxmemory-policy noeviction',
    'loglevel warning',
    'daemonize no',
    '',
  ].join('\n')
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
