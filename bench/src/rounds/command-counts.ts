import { Redis } from 'ioredis'

/** How often each command was called since the servers started, those of scripts included. */
export async function commandCounts(urls: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const url of urls) {
    const redis = new Redis(url)
    const stats = await redis.info('commandstats')
    redis.disconnect()
    for (const [, command = '', calls] of stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm))
      counts.set(command, (counts.get(command) ?? 0) + Number(calls))
  }
  return counts
}
