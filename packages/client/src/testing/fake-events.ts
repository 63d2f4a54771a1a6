import type { EmailauthEvent, EventPageOptions, EventType, FollowOptions, Page } from '../client.ts'

/** What only some events have. */
export const NO_DETAIL = {
  identityId: null,
  email: null,
  target: null,
  actor: null,
  relay: null,
  reply: null,
  reason: null,
  requestId: null,
} as const

/** Events in memory, with those who follow them. */
export function createFakeEvents(
  now: () => number,
  tenantId: string,
  onEvent: (event: EmailauthEvent) => void,
) {
  const events: EmailauthEvent[] = []
  const waiting = new Set<() => void>()

  const wanted =
    ({ types }: { types?: readonly EventType[] | undefined }) =>
    (event: EmailauthEvent) =>
      types === undefined || types.includes(event.type)
  const positionOf = (cursor: string) => Number(cursor)

  return {
    add(
      type: EventType,
      about: { readonly identityId?: string; readonly email?: string; readonly target?: string },
    ) {
      const event: EmailauthEvent = {
        ...NO_DETAIL,
        cursor: String(events.length + 1),
        at: new Date(now()).toISOString(),
        type,
        tenantId,
        ...about,
      }
      events.push(event)
      onEvent(event)
      for (const wake of waiting) wake()
    },
    find: (cursor: string) => events.find((event) => event.cursor === cursor),
    page({ first = 50, after, identityId, ...filter }: EventPageOptions = {}): Page<EmailauthEvent> {
      const matching = events
        .filter(wanted(filter))
        .filter((each) => !identityId || each.identityId === identityId)
      const newestFirst = matching
        .reverse()
        .filter(({ cursor }) => !after || positionOf(cursor) < positionOf(after))
      const nodes = newestFirst.slice(0, first)
      return {
        nodes,
        pageInfo: { hasNextPage: newestFirst.length > first, endCursor: nodes.at(-1)?.cursor ?? null },
      }
    },
    async *follow({
      after,
      signal,
      ...filter
    }: FollowOptions = {}): AsyncGenerator<EmailauthEvent, void, undefined> {
      for (let next = after === undefined ? events.length : positionOf(after); !signal?.aborted; ) {
        const event = events[next]
        if (event === undefined) {
          await new Promise<void>((resolve) => {
            const wake = () => {
              waiting.delete(wake)
              signal?.removeEventListener('abort', wake)
              resolve()
            }
            waiting.add(wake)
            signal?.addEventListener('abort', wake, { once: true })
          })
          continue
        }
        next += 1
        if (wanted(filter)(event)) yield event
      }
    },
  }
}
