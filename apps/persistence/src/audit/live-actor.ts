import type { CallingActor } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/http/problem-error'

/** How an actor can have ended. */
export interface ActorEnds {
  /** Whether an API key was revoked or has expired. */
  keyHasEnded(keyId: string): Promise<boolean>
  /** Whether an admin's session is over. It ends too when its address has left the list of admins. */
  sessionHasEnded(sessionId: string): Promise<boolean>
}

/**
 * A gateway believes in a key or a session for seconds after its end. What it changes then would outlive it.
 * A gateway of an earlier version does not name the session, so this cannot be checked.
 * @throws {ProblemError} `conflict` when the actor is an API key, or an admin in a session, that has ended.
 */
export async function requireLiveActor(actor: CallingActor, ends: ActorEnds): Promise<void> {
  const { kind, id, sessionId } = actor
  if (kind === 'api-key' && (await ends.keyHasEnded(id)))
    throw new ProblemError('conflict', 'The API key that asks for this was revoked, or has expired.')
  if (sessionId !== undefined && (await ends.sessionHasEnded(sessionId)))
    throw new ProblemError('conflict', 'The session that asks for this has ended.')
}
