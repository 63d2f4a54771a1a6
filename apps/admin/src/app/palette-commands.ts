import type { TFunction } from 'i18next'
import type { NavigateFunction } from 'react-router'
import type { Icon } from '../components/icons/icon.ts'
import { IconSearch } from '../components/icons/page-icons.ts'
import { readSearch } from '../features/identities/search-terms.ts'

/** One line of the palette. */
export interface Command {
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly icon?: Icon
  readonly run: () => void
}

const TENANTS_LISTED = 6

/** The commands whose names contain every word of the query. */
export function findCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label, hint = '' }) => {
    const text = `${label} ${hint}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The first tenants that a query finds. Without a query none, since there may be thousands. */
export function findTenants(commands: readonly Command[], query: string): readonly Command[] {
  return query.trim() === '' ? [] : findCommands(commands, query).slice(0, TENANTS_LISTED)
}

/** Commands from the query itself: search for an address or a domain, or open an identity by an id. */
export function identityCommands(query: string, t: TFunction, navigate: NavigateFunction): Command[] {
  const terms = readSearch(query)
  if (!('value' in terms)) return []
  const { kind, value } = terms
  // Words of a page's name are no domain.
  if (kind === 'domain' && !query.trim().startsWith('@')) return []
  const to = `/identities?${new URLSearchParams({ [PARAMS[kind]]: value })}`
  const label = t(`app.palette.find.${kind}`, { value })
  return [{ key: kind, label, icon: IconSearch, run: () => void navigate(to) }]
}

const PARAMS = { email: 'email', domain: 'domain', id: 'open', request: 'request' } as const
