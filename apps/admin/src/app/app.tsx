import './app.css'
import { MantineProvider } from '@mantine/core'
import { Activity, Suspense, useEffect, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Crashed } from '../components/crashed.tsx'
import { ErrorBoundary } from '../components/error-boundary.tsx'
import { lazyPage } from '../components/lazy-page.tsx'
import { createSession } from '../features/session/session.ts'
import { SessionContext, useSessionState } from '../features/session/session-context.ts'
import { storedText } from '../lib/browser-storage.ts'
import { clock } from '../lib/clock.ts'
import { GraphqlContext } from '../lib/graphql/client-context.ts'
import { createGraphqlClient } from '../lib/graphql/graphql-client.ts'
import { i18n } from '../lib/i18n/i18n.ts'
import { BareShell } from './bare-shell.tsx'
import { colorSchemeManager } from './color-scheme.ts'
import { preloadPage } from './page-loaders.ts'
import { cssVariablesResolver, theme } from './theme.ts'

// Loaded apart, because the sign-in page needs neither the router nor the rail.
const SignInPage = lazyPage(() => import('../features/session/components/sign-in-page.tsx'))
const SignedIn = lazyPage(() => import('./signed-in.tsx'))

/** The providers that all pages need. */
export function App() {
  const [{ session, client }] = useState(createParts)
  // A sign-in or sign-out by mail holds for all tabs, like its cookie.
  useEffect(() => {
    window.addEventListener('storage', session.reread)
    return () => window.removeEventListener('storage', session.reread)
  }, [session])
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
        colorSchemeManager={colorSchemeManager}
      >
        <SessionContext value={session}>
          <GraphqlContext value={client}>
            <ErrorBoundary fallback={(retry) => <Crashed onRetry={retry} />}>
              <Suspense fallback={null}>
                <SessionGate />
              </Suspense>
            </ErrorBoundary>
          </GraphqlContext>
        </SessionContext>
      </MantineProvider>
    </I18nextProvider>
  )
}

/**
 * The pages, or the sign-in page at the same URL. Pages whose session was ended by the gateway stay hidden
 * behind the sign-in page, without requests, so that nothing typed is lost. A sign-out removes them.
 */
function SessionGate() {
  const state = useSessionState()
  const isSignedIn = state.status === 'signed-in'
  const isWanted = isSignedIn || state.ended
  const [isKept, keep] = useState(isSignedIn)
  if (isSignedIn && !isKept) keep(true)
  if (!isWanted && isKept) keep(false)
  return (
    <>
      {isKept && (
        <Activity mode={isSignedIn ? 'visible' : 'hidden'}>
          <SignedIn />
        </Activity>
      )}
      {!isSignedIn && (
        <BareShell>
          <SignInPage />
        </BareShell>
      )}
    </>
  )
}

function createParts() {
  const session = createSession(
    storedText(() => sessionStorage, 'emailauth.admin-key'),
    storedText(() => localStorage, 'emailauth.signed-in-by-mail'),
  )
  if (session.read().status === 'signed-in') preloadPage(window.location.pathname)
  const client = createGraphqlClient({
    clock,
    authorization: session.authorization,
    onRefused: session.refuse,
  })
  return { session, client }
}
