import { useApolloClient } from '@apollo/client/react'
import { SignOutDocument } from '../../../generated/graphql.ts'
import { useSession } from '../session-context.ts'

/** Signs out here at once, and ends the session of a browser that signed in by mail. */
export function useSignOut(): () => void {
  const client = useApolloClient()
  const session = useSession()
  return () => {
    const state = session.read()
    const isByMail = state.status === 'signed-in' && state.by === 'mail'
    // Without an answer the session still ends, when nothing has been asked in it for half an hour.
    if (isByMail) client.mutate({ mutation: SignOutDocument }).catch(() => {})
    session.signOut()
  }
}
