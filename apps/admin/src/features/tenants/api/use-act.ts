import { useState } from 'react'
import { useToast } from '../../../components/use-toast.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Document } from '../../../lib/graphql/graphql-client.ts'

/** Runs an action and shows its result. Returns undefined when it failed. */
export function useAct(): {
  readonly busy: boolean
  act<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
    words: { readonly done?: string; readonly failed: string },
  ): Promise<Data | undefined>
} {
  const client = useGraphql()
  const toast = useToast()
  const [running, setRunning] = useState(0)
  return {
    busy: running > 0,
    async act(document, variables, { done, failed }) {
      setRunning((count) => count + 1)
      try {
        const data = await client.ask(document, ...[variables])
        if (done !== undefined) toast.good(done)
        return data
      } catch (error) {
        const message = error instanceof Error ? error.message : ''
        const failure = toFailure(error)
        toast.failed(failed, failure, failure.kind === 'invalid' ? message.replace(/\.$/, '') : '')
        return undefined
      } finally {
        setRunning((count) => count - 1)
      }
    },
  }
}
