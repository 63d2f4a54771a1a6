import { type ReactNode, useEffect, useRef } from 'react'
import styles from './page.module.css'
import { usePageTitle } from './use-page-title.ts'

export const PAGE_TITLE_ID = 'page-title'

interface PageProps {
  readonly title: string
  /** A figure or a state beside the title. */
  readonly beside?: ReactNode
  /** What can be done here, at the right of the title. */
  readonly actions?: ReactNode
  /** Filters, under the title. */
  readonly toolbar?: ReactNode
  /** The page's own list scrolls, and the page does not. */
  readonly fill?: boolean
  readonly children: ReactNode
}

let isFirst = true

/** What every page begins with. The focus goes to its title when somebody comes from another page, so that readers hear where they are. */
export function Page({ title, beside, actions, toolbar, fill = false, children }: PageProps) {
  usePageTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  return (
    <div className={styles.page} data-fill={fill || undefined}>
      <div className={styles.head}>
        <h1 className={styles.title} id={PAGE_TITLE_ID} tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {beside !== undefined && <div className={styles.beside}>{beside}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {toolbar !== undefined && <div className={styles.toolbar}>{toolbar}</div>}
      {children}
    </div>
  )
}
