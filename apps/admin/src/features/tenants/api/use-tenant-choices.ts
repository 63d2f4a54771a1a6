import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { TenantChoicesDocument } from '../../../generated/graphql.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { inNameOrder } from '../in-name-order.ts'

export interface TenantChoice {
  readonly id: string
  readonly name: string
  readonly testMode: boolean
  /** The one in the URL, which does not exist or exists no longer. */
  readonly isGone?: boolean
}

const POLL_MS = 60_000
/** The same in each rendering. */
const NONE: readonly TenantChoice[] = []

/**
 * The tenants to choose from, by name. Always includes the one in the URL, even before it is loaded. One that
 * is not among them may have been created by another admin, so they are asked for again, once.
 */
export function useTenantChoices(chosen: string | undefined): readonly TenantChoice[] {
  const queries = useQueryClient()
  const { data } = useQuery(TenantChoicesDocument, {}, { pollMs: POLL_MS })
  const locale = useLocale()
  const tenants = useMemo(
    () => inNameOrder<TenantChoice>(data?.tenants ?? NONE, locale),
    [data?.tenants, locale],
  )
  const isKnown = chosen === undefined || tenants.some(({ id }) => id === chosen)
  const isMissing = !isKnown && data !== undefined
  const [askedFor, setAskedFor] = useState<string>()
  useEffect(() => {
    if (!isMissing) return
    // Several components of a page choose tenants. Their request is one.
    const queryKey = [TenantChoicesDocument.__meta__?.hash]
    void queries.refetchQueries({ queryKey }, { cancelRefetch: false }).then(() => setAskedFor(chosen))
  }, [queries, isMissing, chosen])
  if (isKnown) return tenants
  return [...tenants, { id: chosen, name: chosen, testMode: false, isGone: isMissing && askedFor === chosen }]
}
