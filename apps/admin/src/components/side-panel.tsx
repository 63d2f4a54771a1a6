import { CloseButton } from '@mantine/core'
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ROW_LINK } from './data-table/row-link.tsx'
import { PAGE_TITLE_ID } from './page.tsx'
import styles from './side-panel.module.css'
import { type Place, placeOf, successorOf } from './use-focus-after-row.ts'

interface SidePanelProps {
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * Details of a row, shown beside its list, which stays usable. Escape closes it and focuses the row, or what
 * follows a row that has gone.
 */
export function SidePanel({ label, onClose, children }: SidePanelProps) {
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  const close = useEffectEvent(onClose)
  useEffect(() => {
    const opener = document.querySelector(`tr[data-open] ${ROW_LINK}`) ?? document.activeElement
    const place = opener === null ? undefined : placeOf(opener)
    panel.current?.focus({ preventScroll: true })
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('[aria-modal="true"], [role="menu"]') !== null) return
      close()
    }
    window.addEventListener('keydown', listen)
    return () => {
      window.removeEventListener('keydown', listen)
      // Another row may have the focus by now, because its panel opens.
      if (document.activeElement !== document.body) return
      giveBack(opener, place)
    }
  }, [])
  return (
    <aside className={styles.panel} aria-label={label} tabIndex={-1} ref={panel}>
      <div className={styles.head}>
        <span className={styles.label}>{label}</span>
        <CloseButton size="sm" aria-label={t('app.close')} onClick={onClose} />
      </div>
      <div className={styles.body}>{children}</div>
    </aside>
  )
}

function giveBack(opener: Element | null, place: Place | undefined): void {
  const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected
  const next = isThere ? opener : place && successorOf(place)
  const target = next ?? document.getElementById(PAGE_TITLE_ID)
  target?.focus({ preventScroll: true })
}
