import { useState } from 'react'
import { useGraphql } from './client-context.ts'
import type { Document, VariablesOf } from './graphql-client.ts'

/** A mutation with its state. `run` also throws when it fails. */
export function useMutation<Data, Variables>(document: Document<Data, Variables>) {
  const client = useGraphql()
  const [state, setState] = useState<{ data?: Data; error?: unknown; loading: boolean }>({ loading: false })
  return {
    data: state.data,
    error: state.error,
    loading: state.loading,
    async run(...variables: VariablesOf<Variables>): Promise<Data> {
      setState({ loading: true })
      try {
        const data = await client.ask(document, ...variables)
        setState({ data, loading: false })
        return data
      } catch (error) {
        setState({ error, loading: false })
        throw error
      }
    },
  }
}
