/**
 * The way somebody came through a list that has cursors but no page numbers. It is kept with the entry in the browser's
 * history, so that back, forward and reload find it again; a link has none.
 */
export interface Trail {
  /** The cursors that the earlier pages began after, first page first; `null` stands for the first page. */
  readonly back: readonly (string | null)[]
  /** When the newest identity of the first page was registered, at the moment the first page was left. */
  readonly newest: string | null
}

export interface Place {
  /** The cursor that the page begins after; absent on the first page. */
  readonly after?: string
  readonly trail: Trail
}

export const NO_TRAIL: Trail = { back: [], newest: null }
export const FIRST_PAGE: Place = { trail: NO_TRAIL }

/** @param newest when the newest identity on the page now shown was registered */
export function nextPage(place: Place, endCursor: string, newest: string | null): Place {
  const onFirst = place.after === undefined
  return {
    after: endCursor,
    trail: {
      back: [...place.trail.back, place.after ?? null],
      newest: onFirst ? newest : place.trail.newest,
    },
  }
}

/** One page back; whoever came by a link goes to the first page. */
export function previousPage({ trail }: Place): Place {
  const after = trail.back.at(-1) ?? null
  if (after === null) return FIRST_PAGE
  return { after, trail: { ...trail, back: trail.back.slice(0, -1) } }
}

/** Reads what the browser's history kept. An older version of the dashboard may have written it. */
export function readTrail(state: unknown): Trail {
  const { back, newest } = (state as { trail?: Partial<Trail> } | null)?.trail ?? {}
  const sound = Array.isArray(back) && back.every((cursor) => cursor === null || typeof cursor === 'string')
  return sound ? { back, newest: typeof newest === 'string' ? newest : null } : NO_TRAIL
}
