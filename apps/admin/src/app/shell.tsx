import './mantine-shell.css'
import './forced-colors.css'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation } from 'react-router'
import { Crashed } from '../components/crashed.tsx'
import { ErrorBoundary } from '../components/error-boundary.tsx'
import { Toasts } from '../components/toasts.tsx'
import { useFocusAfterRow } from '../components/use-focus-after-row.ts'
import { useLastKey } from '../components/use-last-key.ts'
import { Waiting } from '../components/waiting.tsx'
import { OutageStrip } from './outage-strip.tsx'
import { PaletteKeys } from './palette-keys.tsx'
import { Rail } from './rail.tsx'
import { RailDrawer } from './rail-drawer.tsx'
import styles from './shell.module.css'

/** The frame of every page with a session: rail, outage strip, page. */
export default function Shell() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  useFocusAfterRow()
  useLastKey()
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <aside className={styles.rail} aria-label={t('app.menu')}>
        <Rail />
      </aside>
      <div className={styles.column}>
        <RailDrawer />
        <OutageStrip />
        <main id="content" tabIndex={-1} className={styles.main}>
          <ErrorBoundary resetKey={pathname} fallback={(retry) => <Crashed onRetry={retry} />}>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <PaletteKeys />
      <Toasts />
    </div>
  )
}
