import { useState } from 'react'
import { type Failure, toFailure } from './failure.ts'
import { createStore, type Store, useStore } from './store.ts'

/**
 * What was done to the rows of a list. Several rows may be changed at the same time, and the replies may come
 * in another order than the presses.
 */
export interface RowActs {
  /** Ids of the rows whose act is under way. */
  readonly busy: ReadonlySet<string>
  /** Why the last act on a row failed, by the row's id. The next act on the row removes it. */
  readonly failures: ReadonlyMap<string, Failure>
  /** The row that was pressed last, of those whose act has succeeded. A press removes it. */
  readonly done: string | undefined
}

const NONE: RowActs = { busy: new Set(), failures: new Map(), done: undefined }

/** Acts on rows, one by one, and keeps what came of it in a store. */
export interface RowActor {
  readonly state: Store<RowActs>
  /** Does nothing to a row whose act is under way. */
  run(id: string, act: () => Promise<unknown>): Promise<void>
}

export function createRowActor(): RowActor {
  const state = createStore(NONE)
  let presses = 0
  let pressOfDone = 0

  function end(id: string, press: number, failure?: Failure) {
    const { busy, failures, done } = state.get()
    const isNewest = failure === undefined && press > pressOfDone
    if (isNewest) pressOfDone = press
    state.set({
      busy: new Set([...busy].filter((one) => one !== id)),
      failures: failure === undefined ? failures : new Map([...failures, [id, failure]]),
      done: isNewest ? id : done,
    })
  }

  return {
    state,
    async run(id, act) {
      const { busy, failures } = state.get()
      if (busy.has(id)) return
      const press = ++presses
      const others = new Map([...failures].filter(([one]) => one !== id))
      state.set({ busy: new Set([...busy, id]), failures: others, done: undefined })
      try {
        await act()
        end(id, press)
      } catch (error) {
        end(id, press, toFailure(error))
      }
    },
  }
}

/** The acts on a list's rows, as long as the list is shown. */
export function useRowActs(): RowActs & Pick<RowActor, 'run'> {
  const [actor] = useState(createRowActor)
  return { ...useStore(actor.state), run: actor.run }
}
