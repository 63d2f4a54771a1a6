import { createContext, type ReactNode, use, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useMayChange } from '../lib/may-change.ts'
import styles from './page.module.css'
import { StateBadge } from './state-badge.tsx'
import { usePageTitle } from './use-page-title.ts'
import { useTitleFocus } from './use-title-focus.ts'

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

const ActionsPlace = createContext<HTMLElement | null>(null)

/**
 * Actions at the right of the title, of a part within the page. So a list that changes with its filters can
 * be made anew without the frame, where the filter has the focus.
 */
export function PageActions({ children }: { children: ReactNode }) {
  const place = use(ActionsPlace)
  return place && createPortal(children, place)
}

/**
 * The frame of each page, whose title gets the focus after a navigation.
 */
export function Page({ title, beside, actions, toolbar, fill = false, children }: PageProps) {
  usePageTitle(title)
  const { t } = useTranslation()
  const mayChange = useMayChange()
  const heading = useTitleFocus()
  const [actionsPlace, setActionsPlace] = useState<HTMLElement | null>(null)
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
        <div className={styles.actions} ref={setActionsPlace}>
          {actions}
        </div>
      </div>
      {toolbar !== undefined && <div className={styles.toolbar}>{toolbar}</div>}
      <ActionsPlace value={actionsPlace}>{children}</ActionsPlace>
    </div>
  )
}
