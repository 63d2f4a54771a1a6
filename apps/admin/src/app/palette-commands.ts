import type { Icon } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import type { NavigateFunction } from 'react-router'

/** One line of the palette. */
export interface Command {
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly icon?: Icon
  readonly run: () => void
}

/** The commands whose names contain every word of the query. */
export function found(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label, hint = '' }) => {
    const text = `${label} ${hint}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

const ADDRESS = /^\S+@\S+$/
/** `tenant.rest`, the form of identity ids. */
const IDENTITY_ID = /^[a-z][a-z0-9-]{1,39}\.[\w-]{16,}$/

/** Commands from the query itself: search for an address, or open an identity by its id. */
export function identityCommands(query: string, t: TFunction, navigate: NavigateFunction): Command[] {
  const text = query.trim()
  if (ADDRESS.test(text)) {
    const to = `/identities?${new URLSearchParams({ email: text })}`
    return [
      { key: 'address', label: t('app.palette.findAddress', { email: text }), run: () => void navigate(to) },
    ]
  }
  if (IDENTITY_ID.test(text)) {
    const to = `/identities?${new URLSearchParams({ open: text })}`
    return [{ key: 'id', label: t('app.palette.openIdentity', { id: text }), run: () => void navigate(to) }]
  }
  return []
}
