import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { IdentityPageDocument } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { createRequests } from '../../../lib/requests.ts'
import { usePageVisible } from '../../../lib/use-page-visible.ts'
import { withStates } from '../identity-list.ts'
import { firstPage, type LoadedIdentities, withPage } from '../identity-pages.ts'
import { toFilter, type View } from '../view.ts'

export const PAGE_SIZE = 100
/** Pause before a failed query is repeated. */
const RETRY_MS = 3000

export interface IdentityPages {
  /** Identifies the filters that the pages are asked for with. */
  readonly question: string
  /** Undefined until loaded. */
  readonly list: LoadedIdentities | undefined
  readonly loadingMore: boolean
  readonly failed: { readonly failure: Failure; readonly since: number } | undefined
  loadNext(): void
  /** Loads the newest identities. Only this moves rows. */
  refresh(): Promise<void>
  /** Changes the list by what has happened since it was loaded. */
  update(to: (list: LoadedIdentities) => LoadedIdentities): void
}

/** Pages of live identities. A failed query is repeated while somebody looks. */
export function useIdentityPages(view: View): IdentityPages {
  const client = useGraphql()
  const visible = usePageVisible()
  const filter = toFilter(view)
  const question = JSON.stringify(filter ?? {})
  const [loaded, setLoaded] = useState<LoadedIdentities>()
  const [failed, setFailed] = useState<{ failure: Failure; since: number }>()
  const [loadingMore, setLoadingMore] = useState(false)
  const list = loaded?.question === question ? loaded : undefined
  const asked = useRef(question)
  const [requests] = useState(createRequests)
  const { tenantId } = view

  // If the mailer fails only its column stays empty.
  const ask = (after: string | undefined, isFirst: boolean) => {
    const variables = { first: PAGE_SIZE, after, filter, tenantId, isFirst }
    // A variable that is absent has the type of one that is undefined here.
    return client.askPartly(IdentityPageDocument, withoutUndefined(variables) as typeof variables)
  }

  const load = useEffectEvent(async (after: string | undefined, known: LoadedIdentities | undefined) => {
    const take = known === undefined ? requests.all() : requests.more()
    try {
      const { data, error } = await ask(after, known === undefined)
      if (!data.identities) throw error
      if (asked.current !== question || !take()) return
      const held = new Set(known?.rows.map(({ identity }) => identity.id))
      setLoaded((latest) =>
        known === undefined
          ? firstPage(question, data, latest)
          : withPage(latest ?? known, held, data.identities),
      )
      setFailed(error === undefined ? undefined : { failure: toFailure(error), since: clock.now() })
    } catch (error) {
      if (asked.current !== question || !take()) return
      setFailed((before) => ({ failure: toFailure(error), since: before?.since ?? clock.now() }))
    }
  })

  useEffect(() => {
    asked.current = question
    setFailed(undefined)
    void load(undefined, undefined)
  }, [question])

  /** Asks again for the states that the mailer could not give, and fills them into the existing rows. */
  const loadStates = useEffectEvent(async () => {
    const { data, error } = await ask(undefined, false)
    if (asked.current !== question || !data.identities) return
    const { nodes } = data.identities
    setLoaded((latest) => latest && { ...latest, ...withStates(latest, nodes) })
    if (error === undefined) setFailed(undefined)
  })

  const mustRetry = failed !== undefined && visible
  const isKnown = list !== undefined
  useEffect(() => {
    if (!mustRetry) return
    const retry = () => (isKnown ? loadStates().catch(() => {}) : load(undefined, undefined))
    const timer = setInterval(() => void retry(), RETRY_MS)
    return () => clearInterval(timer)
  }, [mustRetry, isKnown])

  const loadNext = useEffectEvent(() => {
    const { endCursor } = list ?? {}
    if (endCursor === undefined || loadingMore) return
    setLoadingMore(true)
    void load(endCursor, list).finally(() => setLoadingMore(false))
  })

  return {
    question,
    list,
    loadingMore,
    failed,
    loadNext: useCallback(() => loadNext(), []),
    refresh: useCallback(() => load(undefined, undefined), []),
    update: useCallback((to) => setLoaded((latest) => latest && to(latest)), []),
  }
}

function withoutUndefined(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
