import { startRegistration } from '@simplewebauthn/browser'
import { useState } from 'react'
import {
  AddPasskeyDocument,
  BeginAddPasskeyDocument,
  PasskeysDocument,
  type PasskeysQuery,
  RemovePasskeyDocument,
} from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { type RowActs, useRowActs } from '../../../lib/row-acts.ts'
import { passkeyNote } from '../passkey-note.ts'

export interface Passkeys {
  /** Newest first. Undefined until loaded. */
  readonly passkeys: PasskeysQuery['passkeyConnection']['nodes'] | undefined
  readonly failure: Failure | undefined
  /** The removals of passkeys, by their ids. */
  readonly removals: RowActs
  retry(): void
  remove(id: string): void
  /** Creates a passkey in the browser and registers it. `refused`: the browser or the gateway declined. */
  add(name: string): Promise<'added' | 'refused'>
}

export function usePasskeys(): Passkeys {
  const client = useGraphql()
  const { data, error, refetch } = useQuery(PasskeysDocument, {})
  const removals = useRowActs()
  const [adding, setAdding] = useState<Failure>()
  const again = () => void refetch()

  async function add(name: string) {
    setAdding(undefined)
    try {
      const begun = await client.ask(BeginAddPasskeyDocument)
      const optionsJSON = JSON.parse(begun.beginAddPasskey)
      const made = await startRegistration({ optionsJSON }).catch(() => undefined)
      if (made === undefined) return 'refused'
      const variables = { name, response: JSON.stringify(made) }
      const { addPasskey } = await client.ask(AddPasskeyDocument, variables)
      if (addPasskey.__typename !== 'Passkey') return 'refused'
      passkeyNote.write('yes')
      again()
    } catch (fault) {
      setAdding(toFailure(fault))
    }
    return 'added'
  }

  return {
    passkeys: data?.passkeyConnection.nodes,
    failure: adding ?? (error === undefined ? undefined : toFailure(error)),
    removals,
    retry: again,
    remove(id) {
      void removals.run(id, async () => {
        await client.ask(RemovePasskeyDocument, { id })
        await refetch()
      })
    },
    add,
  }
}
