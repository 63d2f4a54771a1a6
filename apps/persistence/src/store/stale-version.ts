import { ProblemError } from '@emailauth/service/http/problem-error'

/** A change that was made from an older version than the current one, which is `stale`. */
export interface StaleVersion {
  readonly stale: number
}

/**
 * @param current undefined: it was deleted
 * @returns undefined when the change may take effect; also when it does not say which version it is from.
 */
export function staleAgainst(
  current: number | undefined,
  ifVersion: number | undefined,
): StaleVersion | undefined {
  if (current === undefined || ifVersion === undefined || ifVersion === current) return undefined
  return { stale: current }
}

/** Who made the newer version is not said: error messages contain no addresses. */
export function changedMeanwhile({ stale }: StaleVersion): ProblemError {
  return new ProblemError(
    'stale-version',
    `Somebody changed it meanwhile: it has version ${stale} now, and nothing was done. The audit log says who changed what.`,
    { field: 'ifVersion', currentVersion: stale },
  )
}
