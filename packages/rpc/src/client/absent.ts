import { bodyOf, type Reply } from './reply.ts'

const PROBLEMS_OF_ABSENCE: ReadonlySet<string> = new Set(['not-found', 'identity-not-found'])

/** The body of a reply. undefined: nothing has this name. */
export function orUndefined<Body>(reply: Reply<Body>): Body | undefined {
  return 'problem' in reply && PROBLEMS_OF_ABSENCE.has(reply.problem.code) ? undefined : bodyOf(reply)
}

/** false: nothing has this name. */
export function existed(reply: Reply<unknown>): boolean {
  if ('problem' in reply && PROBLEMS_OF_ABSENCE.has(reply.problem.code)) return false
  bodyOf(reply)
  return true
}
