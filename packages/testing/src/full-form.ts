/** `EMAILAUTH_FULL=1` selects the full form of tests that have a short one. `npm test` runs the short one. */
export const FULL = process.env.EMAILAUTH_FULL === '1'
