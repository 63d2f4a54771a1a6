import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { EventType } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import type { Failure } from '../../../lib/failure.ts'
import { useReportOutage } from '../../../lib/outages.ts'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { useSession, useSessionState } from '../../session/session-context.ts'
import { createBursts } from '../bursts.ts'
import { type Event, followEvents, type LiveStatus } from './follow-events.ts'

const UNREACHABLE: Failure = { kind: 'live', requestId: undefined }

export interface EventStreamOptions {
  readonly tenantId: string | undefined
  readonly types: readonly EventType[] | undefined
  /** Start after this cursor, or `now`. Undefined: not yet. Later values are ignored. */
  readonly after: string | undefined
  readonly paused?: boolean
  /** Called with events in the order they happened. */
  readonly onBurst: (events: readonly Event[]) => void
}

/**
 * Streams events. A hidden tab gets none and resumes when it is shown. A lasting failure appears in the
 * outage strip.
 */
export function useEventStream({
  tenantId,
  types,
  after,
  paused = false,
  onBurst,
}: EventStreamOptions): LiveStatus {
  const session = useSession()
  const signedIn = useSessionState().status === 'signed-in'
  const visible = usePageVisible()
  const [status, setStatus] = useState<LiveStatus>('connecting')
  const [offlineSince, setOfflineSince] = useState<number>()
  const last = useRef<string>(undefined)
  const deliver = useEffectEvent(onBurst)
  const begin = useEffectEvent(() => last.current ?? after ?? '0')
  const known = after !== undefined
  const kinds = types?.join()

  useEffect(() => {
    last.current = undefined
  }, [tenantId, kinds, known])

  useEffect(() => {
    if (!known || paused || !signedIn || !visible) return
    const bursts = createBursts((events) => deliver(events))
    const authorization = session.authorization()
    const url = new URL('/graphql', window.location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const stop = followEvents({
      url: url.href,
      authorization,
      tenantId,
      // Joined above, so that the same types in a new array do not begin anew.
      types: kinds?.split(',') as EventType[] | undefined,
      after: begin() === 'now' ? undefined : begin(),
      onEvent(event) {
        last.current = event.cursor
        bursts.add(event)
      },
      onStatus(next) {
        setStatus(next)
        setOfflineSince((since) => (next === 'offline' ? (since ?? clock.now()) : undefined))
      },
      onRefused: () => session.refuse(authorization),
    })
    return () => {
      stop()
      bursts.flush()
      setOfflineSince(undefined)
    }
  }, [known, paused, signedIn, visible, session, tenantId, kinds])

  useReportOutage(offlineSince === undefined ? undefined : UNREACHABLE, offlineSince)
  return status
}
