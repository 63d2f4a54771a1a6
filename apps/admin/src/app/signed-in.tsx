import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, Suspense, useState } from 'react'
import { BrowserRouter } from 'react-router'
import { SignedInAsDocument } from '../generated/graphql.ts'
import { Drafts } from '../lib/drafts.tsx'
import { createQueryClient } from '../lib/graphql/query-client.ts'
import { useQuery } from '../lib/graphql/use-query.ts'
import '../lib/i18n/signed-in-texts.ts'
import { AppRoutes } from './routes.tsx'

/** The pages with the cache of their queries, which ends when the admin signs out. */
export default function SignedIn() {
  const [queries] = useState(createQueryClient)
  return (
    <QueryClientProvider client={queries}>
      {/* As a transition a navigation would wait behind clock ticks and replies. */}
      <BrowserRouter basename={import.meta.env.BASE_URL} useTransitions={false}>
        <Suspense fallback={null}>
          <OneAdmin>
            <AppRoutes />
          </OneAdmin>
        </Suspense>
      </BrowserRouter>
    </QueryClientProvider>
  )
}

/** What one admin has typed is not another's: when another one signs in instead, the pages begin anew. */
function OneAdmin({ children }: { children: ReactNode }) {
  const { data } = useQuery(SignedInAsDocument, {})
  const who = data && (data.viewer.session?.email ?? 'key')
  const [{ of, turn }, setAdmin] = useState({ of: who, turn: 0 })
  if (who !== undefined && who !== of) setAdmin({ of: who, turn: of === undefined ? turn : turn + 1 })
  return <Drafts key={turn}>{children}</Drafts>
}
