import { useEffect, useEffectEvent, useState } from 'react'
import { useSession, useSessionState } from '../../session/session-context.ts'
import { typesOf } from '../kinds.ts'
import type { View } from '../view.ts'
import { type Event, followEvents, type LiveStatus } from './follow-events.ts'

/** So many stay on the page; older ones are a page further back. */
const MOST = 200
/** Events come in bursts, and the page is drawn once for each burst. */
const COLLECT_MS = 200

export interface LiveEvents {
  /** What has come since, newest first. */
  readonly events: readonly Event[]
  readonly status: LiveStatus
}

/**
 * What happens after a cursor, as it happens.
 * @param after undefined: what is there already is not known yet; `paused`: what comes waits until it is false again
 */
export function useLiveEvents(
  { tenantId, kind }: Pick<View, 'tenantId' | 'kind'>,
  after: string | undefined,
  paused: boolean,
): LiveEvents {
  const session = useSession()
  const signedIn = useSessionState().status === 'signed-in'
  const [status, setStatus] = useState<LiveStatus>('connecting')
  const [events, setEvents] = useState<readonly Event[]>([])
  const resumeAt = useEffectEvent(() => events[0]?.cursor ?? after ?? '0')
  const known = after !== undefined

  useEffect(() => {
    if (!known || paused || !signedIn) return
    let burst: Event[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = () => {
      clearTimeout(timer)
      timer = undefined
      const newest = burst.reverse()
      burst = []
      if (newest.length > 0) setEvents((shown) => [...newest, ...shown].slice(0, MOST))
    }
    const authorization = session.authorization()
    const url = new URL('/graphql', window.location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const stop = followEvents({
      url: url.href,
      authorization,
      tenantId,
      types: kind === undefined ? undefined : typesOf(kind),
      after: resumeAt(),
      onEvent(event) {
        burst.push(event)
        timer ??= setTimeout(show, COLLECT_MS)
      },
      onStatus: setStatus,
      onRefused: () => session.refuse(authorization),
    })
    return () => {
      stop()
      show()
    }
  }, [known, paused, signedIn, session, tenantId, kind])

  return { events, status }
}
