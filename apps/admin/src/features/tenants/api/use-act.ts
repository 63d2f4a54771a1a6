import { useState } from 'react'
import { useToast } from '../../../components/use-toast.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Document } from '../../../lib/graphql/graphql-client.ts'

/**
 * Runs an action and shows its result. Returns undefined when it failed. What somebody has deleted meanwhile
 * is answered with null: then the toast says so, and the caller loads its page again.
 */
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
        if (isOfNothing(data)) toast.failed(failed, { kind: 'gone', requestId: undefined })
        else if (done !== undefined) toast.good(done)
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

/** The gateway answers null about what does not exist, some fields within an object. */
function isOfNothing(data: unknown): boolean {
  if (data === null) return true
  if (typeof data !== 'object') return false
  // Documents ask for the type of each object.
  const values = Object.entries(data).flatMap(([name, value]) => (name === '__typename' ? [] : [value]))
  return values.length > 0 && values.every(isOfNothing)
}
