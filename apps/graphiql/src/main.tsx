import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'
import { HEADERS, QUERY } from './first-words.ts'

// Without a key in the headers the browser's session counts, if an admin is signed in to the dashboard.
const live = new URL('/graphql', window.location.href)
live.protocol = live.protocol === 'https:' ? 'wss:' : 'ws:'
const fetchAny = createGraphiQLFetcher({ url: '/graphql', subscriptionUrl: live.href })
// The toolkit finds a subscription without a name only by undefined, and GraphiQL says null.
const fetcher: Fetcher = ({ operationName, ...operation }, options) =>
  fetchAny({ ...operation, ...(operationName ? { operationName } : {}) }, options)

const root = document.getElementById('root')
if (root !== null) {
  const asked = new URLSearchParams(window.location.search)
  createRoot(root).render(
    <GraphiQL
      fetcher={fetcher}
      defaultEditorToolsVisibility="headers"
      defaultHeaders={HEADERS}
      defaultQuery={QUERY}
      {...(asked.has('query') ? { initialQuery: asked.get('query') ?? '' } : {})}
      {...(asked.has('variables') ? { initialVariables: asked.get('variables') ?? '' } : {})}
    />,
  )
}
