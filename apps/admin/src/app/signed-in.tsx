import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { BrowserRouter } from 'react-router'
import { createQueryClient } from '../lib/graphql/query-client.ts'
import { AppRoutes } from './routes.tsx'

/** The pages with the cache of their queries, which ends when the admin signs out. */
export default function SignedIn() {
  const [queries] = useState(createQueryClient)
  return (
    <QueryClientProvider client={queries}>
      {/* As a transition a navigation would wait behind clock ticks and replies. */}
      <BrowserRouter basename={import.meta.env.BASE_URL} useTransitions={false}>
        <Suspense fallback={null}>
          <AppRoutes />
        </Suspense>
      </BrowserRouter>
    </QueryClientProvider>
  )
}
