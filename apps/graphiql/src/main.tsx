import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './page.css'
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { type DocumentNode, Kind, parse } from 'graphql'
import { createRoot } from 'react-dom/client'
import { HEADERS, QUERY } from './first-words.ts'

// Without a key in the headers the browser's session counts, if an admin is signed in to the dashboard.
const live = new URL('/graphql', window.location.href)
live.protocol = live.protocol === 'https:' ? 'wss:' : 'ws:'
const fetchAny = createGraphiQLFetcher({ url: '/graphql', subscriptionUrl: live.href })

/**
 * The toolkit finds a subscription without a name only by undefined, and GraphiQL says null. GraphiQL's own
 * document and name are those of a moment ago, so what is sent right after it was pasted is read here.
 */
const fetcher: Fetcher = ({ operationName, ...operation }, options) => {
  const documentAST = parsed(operation.query)
  const isThere = documentAST?.definitions.some(
    (one) => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === operationName,
  )
  const named = operationName && isThere !== false ? { operationName } : {}
  return fetchAny({ ...operation, ...named }, documentAST ? { ...options, documentAST } : options)
}

/** undefined: the gateway says what is wrong with it. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query)
  } catch {
    return undefined
  }
}

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
