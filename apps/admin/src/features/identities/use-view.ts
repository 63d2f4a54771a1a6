import { useMemo } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { FIRST_PAGE, NO_TRAIL, nextPage, type Place, previousPage, readTrail } from './paging.ts'
import { type FilterChange, readView, type View, withFilters, writeView } from './view.ts'

/** The view in the URL, and the ways to another one. */
export function useView() {
  const { search, state } = useLocation()
  const navigate = useNavigate()
  const view = useMemo(() => readView(new URLSearchParams(search)), [search])
  const trail = readTrail(state)
  const place: Place = view.after === undefined ? FIRST_PAGE : { after: view.after, trail }

  const go = (next: View, nextTrail = trail, replace = false) =>
    void navigate({ search: writeView(next).toString() }, { replace, state: { trail: nextTrail } })
  const turn = ({ after, trail: nextTrail }: Place) => {
    const { after: _, open: __, ...filters } = view
    go(after === undefined ? filters : { ...filters, after }, nextTrail)
    window.scrollTo({ top: 0 })
  }

  return {
    view,
    trail,
    /** Every change is a step in the browser's history, but typing a search is not one for each pause. */
    filter: (change: FilterChange, { replace = false } = {}) =>
      go(withFilters(view, change), NO_TRAIL, replace),
    clearFilters: () => go({}, NO_TRAIL),
    next: (endCursor: string, newest: string | null) => turn(nextPage(place, endCursor, newest)),
    previous: () => turn(previousPage(place)),
    newest: () => turn(FIRST_PAGE),
    open: (id: string) => go({ ...view, open: id }),
    close: () => {
      const { open: _, ...rest } = view
      go(rest)
    },
  }
}
