import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { badInput } from '../input.ts'

/** The argument `first` of a connection. */
export const FIRST = { defaultValue: PAGE_DEFAULT, description: `Length of the page: 1 to ${PAGE_MAX}.` }

/** The argument `after` of a connection that begins with its newest item. */
export const AFTER = {
  nullable: true,
  description: 'The `endCursor` of the page before. Default: from the newest on.',
} as const

/** Help for `after`. */
export const AFTER_HELP = { after: 'must be the `endCursor` of a page, or the cursor of an edge.' }

/** @throws {ProblemError} `bad-input` when the length is out of range. */
export function checkFirst(first: number): void {
  if (first < 1 || first > PAGE_MAX) throw badInput('first', { first: `must be 1 to ${PAGE_MAX}.` })
}
