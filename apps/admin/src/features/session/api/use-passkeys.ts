import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
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
import { passkeyNote } from '../passkey-note.ts'

export interface Passkeys {
  /** Newest first. Undefined until loaded. */
  readonly passkeys: PasskeysQuery['passkeys'] | undefined
  readonly failure: Failure | undefined
  retry(): void
  remove(id: string): void
  /** Creates a passkey in the browser and registers it. `refused`: the browser or the gateway declined. */
  add(name: string): Promise<'added' | 'refused'>
}

export function usePasskeys(): Passkeys {
  const client = useApolloClient()
  const { data, error, refetch } = useQuery(PasskeysDocument)
  const [removePasskey, removing] = useMutation(RemovePasskeyDocument)
  const [adding, setAdding] = useState<Failure>()
  const failed = error ?? removing.error
  const again = () => void refetch().catch(() => {})

  async function add(name: string) {
    setAdding(undefined)
    try {
      const begun = await client.mutate({ mutation: BeginAddPasskeyDocument })
      const optionsJSON = JSON.parse(begun.data?.beginAddPasskey ?? '{}')
      const made = await startRegistration({ optionsJSON }).catch(() => undefined)
      if (made === undefined) return 'refused'
      const variables = { name, response: JSON.stringify(made) }
      const { data: added } = await client.mutate({ mutation: AddPasskeyDocument, variables })
      if (added?.addPasskey.__typename !== 'Passkey') return 'refused'
      passkeyNote.write('yes')
      again()
    } catch (fault) {
      setAdding(toFailure(fault))
    }
    return 'added'
  }

  return {
    passkeys: data?.passkeys,
    failure: adding ?? (failed === undefined ? undefined : toFailure(failed)),
    retry: again,
    // The mutation's own state shows a failure.
    remove: (id) => void removePasskey({ variables: { id } }).then(again, () => {}),
    add,
  }
}
