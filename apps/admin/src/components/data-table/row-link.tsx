import type { MouseEvent, ReactNode } from 'react'
import { Link, type To } from 'react-router'
import styles from './row-link.module.css'

/** Selector of the links that open rows. */
export const ROW_LINK = 'a[data-row-link]'

interface RowLinkProps {
  readonly to: To
  readonly state?: unknown
  readonly title?: string
  readonly children: ReactNode
}

/** The link that opens its row. */
export function RowLink({ to, state, title, children }: RowLinkProps) {
  return (
    <Link className={styles.link ?? ''} to={to} state={state} title={title} data-row-link>
      {children}
    </Link>
  )
}

/** Makes the whole row clickable by clicking its link. Keyboards and screen readers use the link itself. */
export function openRow(event: MouseEvent<HTMLElement>): void {
  const { target } = event
  const onControl =
    target instanceof Element && target.closest('a, button, input, label, [role="menu"]') !== null
  const selecting = (window.getSelection()?.toString() ?? '') !== ''
  if (!onControl && !selecting) event.currentTarget.querySelector<HTMLElement>(ROW_LINK)?.click()
}
