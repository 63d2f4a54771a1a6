import { SignOutDocument } from '../../../generated/graphql.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useSession } from '../session-context.ts'

/** Signs out here at once, and ends a session by mail at the gateway. */
export function useSignOut(): () => void {
  const client = useGraphql()
  const session = useSession()
  return () => {
    const state = session.read()
    const isByMail = state.status === 'signed-in' && state.by === 'mail'
    // If this call fails the session still ends after half an hour without requests.
    if (isByMail) client.ask(SignOutDocument).catch(() => {})
    session.signOut()
  }
}
