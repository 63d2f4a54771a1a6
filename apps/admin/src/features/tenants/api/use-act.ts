import type { TypedDocumentNode } from '@apollo/client'
import { useApolloClient } from '@apollo/client/react'
import { useState } from 'react'
import { useToast } from '../../../components/use-toast.ts'
import { toFailure } from '../../../lib/failure.ts'

/** Runs an action and shows its result. Returns undefined when it failed. */
export function useAct(): {
  readonly busy: boolean
  act<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    words: { readonly done?: string; readonly failed: string },
  ): Promise<Data | undefined>
} {
  const client = useApolloClient()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  return {
    busy,
    async act(document, variables, { done, failed }) {
      setBusy(true)
      try {
        const { data } = await client.mutate({ mutation: document, variables: variables as never })
        if (done !== undefined) toast.good(done)
        return data ?? undefined
      } catch (error) {
        const message = error instanceof Error ? error.message : ''
        const failure = toFailure(error)
        toast.failed(failed, failure, failure.kind === 'invalid' ? message.replace(/\.$/, '') : '')
        return undefined
      } finally {
        setBusy(false)
      }
    },
  }
}
