import { useState } from 'react'
import { useToast } from '../../../components/use-toast.ts'
import { isStale, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Document } from '../../../lib/graphql/graphql-client.ts'

interface ActWords {
  readonly done?: string
  readonly failed: string
}

/**
 * Runs an action and shows its result. Returns undefined when it failed. What somebody has deleted meanwhile
 * is answered with null: then the toast says so, and the caller loads its page again.
 */
export function useAct(): {
  readonly busy: boolean
  act<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
    words: ActWords,
  ): Promise<Data | undefined>
  /** The same of a change that names its version. `stale`: somebody else was faster; the caller shows it. */
  actOnVersion<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
    words: ActWords,
  ): Promise<Data | 'stale' | undefined>
} {
  const client = useGraphql()
  const toast = useToast()
  const [running, setRunning] = useState(0)

  async function run<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
    { done, failed }: ActWords,
  ): Promise<Data> {
    setRunning((count) => count + 1)
    try {
      const data = await client.ask(document, ...[variables])
      if (isOfNothing(data)) toast.failed(failed, { kind: 'gone', requestId: undefined })
      else if (done !== undefined) toast.good(done)
      return data
    } finally {
      setRunning((count) => count - 1)
    }
  }
  function sayFailed(failed: string, error: unknown) {
    const message = error instanceof Error ? error.message : ''
    const failure = toFailure(error)
    toast.failed(failed, failure, '', failure.kind === 'invalid' ? message : '')
  }

  return {
    busy: running > 0,
    act: (document, variables, words) =>
      run(document, variables, words).catch((error: unknown) => void sayFailed(words.failed, error)),
    actOnVersion: (document, variables, words) =>
      run(document, variables, words).catch((error: unknown) =>
        isStale(error) ? 'stale' : void sayFailed(words.failed, error),
      ),
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
