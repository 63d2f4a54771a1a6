import { type Failure, toFailure } from '../../lib/failure.ts'

/** Parallel calls. Many more would make the gateway refuse other callers. */
const AT_ONCE = 8

export interface Revoked {
  readonly revoked: number
  /** Ended by themselves before. */
  readonly gone: number
  readonly failures: readonly Failure[]
}

/**
 * Revokes identities. What fails does not keep the others from being revoked.
 * @param revoke returns whether there was such an identity
 */
export async function revokeAll(
  ids: readonly string[],
  revoke: (id: string) => Promise<boolean>,
): Promise<Revoked> {
  const waiting = [...ids]
  let [revoked, gone] = [0, 0]
  const failures: Failure[] = []
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        if (await revoke(id)) revoked++
        else gone++
      } catch (error) {
        failures.push(toFailure(error))
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { revoked, gone, failures }
}
