import { type Problem, type ProblemCode, type ProblemExtras, toProblem } from '@emailauth/contracts/problems'

/** A problem that is thrown: the error handler at the listener turns it into its REST answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem

  constructor(code: ProblemCode, detail: string, options: ProblemExtras & { cause?: unknown } = {}) {
    const { cause, ...extras } = options
    super(detail, { cause })
    this.problem = toProblem(code, detail, extras)
  }
}
