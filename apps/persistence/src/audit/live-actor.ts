import type { Actor } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/problem-error'

/** Whether an API key was revoked or has expired. */
export type KeyHasEnded = (keyId: string) => Promise<boolean>

/**
 * A gateway believes in a revoked key for seconds. What the key changes then would outlive it.
 * @throws {ProblemError} `conflict` when the actor is an API key that has ended.
 */
export async function requireLiveActor({ kind, id }: Actor, keyHasEnded: KeyHasEnded): Promise<void> {
  if (kind === 'api-key' && (await keyHasEnded(id)))
    throw new ProblemError('conflict', 'The API key that asks for this was revoked, or has expired.')
}
