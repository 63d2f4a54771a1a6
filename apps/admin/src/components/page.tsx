import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayChange } from '../lib/may-change.ts'
import styles from './page.module.css'
import { StateBadge } from './state-badge.tsx'
import { usePageTitle } from './use-page-title.ts'

export const PAGE_TITLE_ID = 'page-title'

interface PageProps {
  readonly title: string
  /** A number or state beside the title. */
  readonly beside?: ReactNode
  /** Actions at the right of the title. */
  readonly actions?: ReactNode
  /** Filters under the title. */
  readonly toolbar?: ReactNode
  /** The list scrolls instead of the page. */
  readonly fill?: boolean
  readonly children: ReactNode
}

let isFirst = true

/**
 * The frame of each page. After a navigation its title gets the focus, so that screen readers announce the
 * page.
 */
export function Page({ title, beside, actions, toolbar, fill = false, children }: PageProps) {
  usePageTitle(title)
  const { t } = useTranslation()
  const mayChange = useMayChange()
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
        {!mayChange && (
          <span title={t('app.readOnly.why')}>
            <StateBadge tone="plain">{t('app.readOnly.title')}</StateBadge>
          </span>
        )}
        {beside !== undefined && <div className={styles.beside}>{beside}</div>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {toolbar !== undefined && <div className={styles.toolbar}>{toolbar}</div>}
      {children}
    </div>
  )
}
