import { thousands } from './thousands.ts'

/** For how long a key or secret that was replaced goes on, at most. */
export const OVERLAP_MAX_SECONDS = 30 * 86_400
/** The same where the caller does not say. */
export const OVERLAP_DEFAULT_SECONDS = 86_400

export const OVERLAP_RANGE = `0 to ${thousands(OVERLAP_MAX_SECONDS)}`
/** Said when it is invalid. */
export const OVERLAP_RULE = `must be ${OVERLAP_RANGE} seconds.`
