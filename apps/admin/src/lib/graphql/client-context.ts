import { createContext, useContext } from 'react'
import type { GraphqlClient } from './graphql-client.ts'

export const GraphqlContext = createContext<GraphqlClient | undefined>(undefined)

export function useGraphql(): GraphqlClient {
  const client = useContext(GraphqlContext)
  if (client === undefined) throw new Error('useGraphql() needs a GraphqlContext above it.')
  return client
}
