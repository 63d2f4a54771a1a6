import { Anchor } from '@mantine/core'
import type { MouseEvent } from 'react'
import { Link, useLocation } from 'react-router'
import type { Identity } from '../api/use-identity-page.ts'
import { type View, writeView } from '../view.ts'
import styles from './identity-link.module.css'

/** Finds the links of the rows, in the order that they are shown. */
export const ROW_LINK = 'a[data-row-link]'

/** The address of a row; it opens the panel. The browser's history keeps the place in the list. */
export function IdentityLink({ identity, view }: { identity: Identity; view: View }) {
  const { state } = useLocation()
  return (
    <Anchor
      component={Link}
      className={styles.link ?? ''}
      to={{ search: writeView({ ...view, open: identity.id }).toString() }}
      state={state}
      title={identity.email}
      data-row-link
    >
      <bdi>{identity.email}</bdi>
    </Anchor>
  )
}

/** Lets the whole row be clicked; the link in it does the work, and for the keyboard and screen readers it is the control. */
export function openRow(event: MouseEvent<HTMLElement>): void {
  const onControl = (event.target as Element).closest('a, button') !== null
  const selecting = (window.getSelection()?.toString() ?? '') !== ''
  if (!onControl && !selecting) event.currentTarget.querySelector<HTMLElement>(ROW_LINK)?.click()
}
