import type { Identity } from '../api/use-identity-page.ts'
import type { View } from '../view.ts'

/** What the table and the cards are given. */
export interface IdentityListProps {
  readonly identities: readonly Identity[]
  readonly view: View
  /** The id of the element that names the list. */
  readonly labelledBy: string
  readonly onRevoke: (identity: Identity) => void
}

export type IdentityRowProps = Pick<IdentityListProps, 'view' | 'onRevoke'> & { readonly identity: Identity }
