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

/** Those with every word of the query in their names. */
export function found(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label, hint = '' }) => {
    const text = `${label} ${hint}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

const ADDRESS = /^\S+@\S+$/
/** `tenant.rest`, as identities are named. */
const IDENTITY_ID = /^[a-z][a-z0-9-]{1,39}\.[\w-]{16,}$/

/** What the query itself may mean: an address, or the id of an identity. */
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
