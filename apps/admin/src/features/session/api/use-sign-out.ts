import { useApolloClient } from '@apollo/client/react'
import { SignOutDocument } from '../../../generated/graphql.ts'
import { useSession } from '../session-context.ts'

/** Signs out here at once, and ends a session by mail at the gateway. */
export function useSignOut(): () => void {
  const client = useApolloClient()
  const session = useSession()
  return () => {
    const state = session.read()
    const isByMail = state.status === 'signed-in' && state.by === 'mail'
    // If this call fails the session still ends after half an hour without requests.
    if (isByMail) client.mutate({ mutation: SignOutDocument }).catch(() => {})
    session.signOut()
  }
}
