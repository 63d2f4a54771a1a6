import { type ReactNode, Suspense } from 'react'
import { BrandMark } from '../components/brand-mark.tsx'
import { Crashed } from '../components/crashed.tsx'
import { ErrorBoundary } from '../components/error-boundary.tsx'
import { Waiting } from '../components/waiting.tsx'
import styles from './bare-shell.module.css'
import { ColorSchemeSwitch } from './color-scheme-switch.tsx'
import { LanguageSwitch } from './language-switch.tsx'

/** The frame of the sign-in page. */
export function BareShell({ children }: { children: ReactNode }) {
  return (
    <div className={styles.shell}>
      <header className={styles.header}>
        <span className={styles.brand}>
          <BrandMark size={24} />
          emailauth
        </span>
        <div className={styles.tools}>
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </div>
      </header>
      <main id="content" className={styles.main}>
        <ErrorBoundary fallback={(retry) => <Crashed onRetry={retry} />}>
          <Suspense fallback={<Waiting />}>{children}</Suspense>
        </ErrorBoundary>
      </main>
    </div>
  )
}
