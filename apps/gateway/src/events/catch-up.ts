import type { setTimeout as wait } from 'node:timers/promises'
import type { Event } from '@emailauth/contracts/events'
import { type EventScope, nameOfScope } from '../services/persistence/event-calls.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { createCatchUpTurns } from './catch-up-turns.ts'
import type { UntilDone } from './until-done.ts'

const PAGE = 200
/** Pause between reads while the newest events are not on a page yet. */
const CATCH_UP_MS = 100
/** After so many reads in a row without an event, 5 s, what is missing is gone: its stream was trimmed. */
const CATCH_UP_TRIES = 50

export interface CatchUpOptions {
  readonly persistence: Pick<Persistence, 'events'>
  readonly untilDone: UntilDone
  readonly pause: typeof wait
}

/** Which events a reader has missed: those behind one cursor, up to another. */
export interface Missed {
  readonly scope: EventScope
  readonly after: string
  readonly until: string
}

export type CatchUp = (missed: Missed, push: (event: Event) => void, signal: AbortSignal) => Promise<void>

/** Reads the events that a reader has missed, page by page. */
export function createCatchUp({ persistence, untilDone, pause }: CatchUpOptions): CatchUp {
  const turns = createCatchUpTurns(pause)
  return async ({ scope, after, until }, push, signal) => {
    const name = nameOfScope(scope)
    let cursor = after
    let tries = 0
    while (cursor < until && tries < CATCH_UP_TRIES) {
      const from = cursor
      const read = () => persistence.events({ ...scope, first: PAGE, after: from })
      const page = await untilDone(() => turns(name, read, signal), signal)
      for (const event of page.events) push(event)
      cursor = page.endCursor ?? cursor
      tries = cursor === from ? tries + 1 : 0
      if (!page.hasMore && cursor < until) await pause(CATCH_UP_MS, undefined, { signal })
    }
  }
}
