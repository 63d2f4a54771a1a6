/** `EMAILAUTH_FULL=1` selects the full form, which takes half an hour. `npm test` runs the short one. */
export const FULL = process.env.EMAILAUTH_FULL === '1'

/** What a test measures in its short and in its full form. */
export const form = <T>(short: T, full: T): T => (FULL ? full : short)

/** The full form prints what was measured, for `docs/reliability.md`. */
export function report(title: string, measurements: object): void {
  if (FULL) console.log(`${title}: ${JSON.stringify(measurements)}`)
}
