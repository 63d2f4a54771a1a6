import './app.css'
import { ApolloProvider } from '@apollo/client/react'
import { MantineProvider } from '@mantine/core'
import { Suspense, useEffect, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { BrowserRouter } from 'react-router'
import { Crashed } from '../components/crashed.tsx'
import { ErrorBoundary } from '../components/error-boundary.tsx'
import { Toasts } from '../components/toasts.tsx'
import { createSession } from '../features/session/session.ts'
import { SessionContext } from '../features/session/session-context.ts'
import { storedText } from '../lib/browser-storage.ts'
import { clock } from '../lib/clock.ts'
import { createGraphqlClient } from '../lib/graphql-client.ts'
import { i18n } from '../lib/i18n/i18n.ts'
import { colorSchemeManager } from './color-scheme.ts'
import { AppRoutes } from './routes.tsx'
import { cssVariablesResolver, theme } from './theme.ts'

/** The providers that all pages need. */
export function App() {
  const [{ session, client }] = useState(createParts)

  // The cache of one admin must not be visible to the next.
  useEffect(
    () => session.subscribe(() => void (session.read().status === 'signed-out' && client.clearStore())),
    [session, client],
  )

  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
        colorSchemeManager={colorSchemeManager}
      >
        <Toasts />
        <SessionContext value={session}>
          <ApolloProvider client={client}>
            {/* As transitions, steps would wait behind the ticking and the answers, and a session that ends meanwhile would lose them. */}
            <BrowserRouter basename={import.meta.env.BASE_URL} useTransitions={false}>
              <ErrorBoundary fallback={(retry) => <Crashed onRetry={retry} />}>
                <Suspense fallback={null}>
                  <AppRoutes />
                </Suspense>
              </ErrorBoundary>
            </BrowserRouter>
          </ApolloProvider>
        </SessionContext>
      </MantineProvider>
    </I18nextProvider>
  )
}

function createParts() {
  const session = createSession(
    storedText(() => sessionStorage, 'emailauth.admin-key'),
    storedText(() => localStorage, 'emailauth.signed-in-by-mail'),
  )
  const client = createGraphqlClient({
    clock,
    authorization: session.authorization,
    onRefused: session.refuse,
  })
  return { session, client }
}
