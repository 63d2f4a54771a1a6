import { type EventStream, streamsOf } from '../store/event-streams.ts'
import { MOST_EVENTS, type StoreContext } from '../store/partition.ts'

/** How long the streams of a tenant were before its events were read. */
export type StreamLengths = ReadonlyMap<EventStream, number>

/** Call it before reading, and give it to {@link trimEvents} after that. */
export async function undeliveredSince(context: StoreContext, tenantId: string): Promise<StreamLengths> {
  const streams = streamsOf(context, [tenantId], [])
  const lengths = await Promise.all(streams.map(({ key }) => context.redis.xlen(key)))
  return new Map(streams.map((stream, at) => [stream, lengths[at] ?? 0]))
}

/** Entries that one step takes away, so that it never holds Redis up. */
const AT_ONCE = 50_000

/**
 * Of tenants with webhooks the rules keep more events, until the mailer has them. This takes away what is
 * more than usual. It never removes an event that was not read: these are at most those read now and those
 * that came since.
 */
export async function trimEvents(
  { redis, partitions }: StoreContext,
  lengths: StreamLengths,
  readNow: number,
): Promise<void> {
  const usual = Math.ceil(MOST_EVENTS / partitions)
  for (const [{ key }, before] of lengths) {
    if (before <= 2 * usual) continue
    const since = (await redis.xlen(key)) - before
    await redis.xtrim(key, 'MAXLEN', '~', usual + readNow + Math.max(0, since), 'LIMIT', AT_ONCE)
  }
}
