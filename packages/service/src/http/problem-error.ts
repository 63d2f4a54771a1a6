import { type Problem, type ProblemCode, type ProblemExtras, toProblem } from '@emailauth/contracts/problems'

/** A problem as an error. The service's error handler turns it into the REST reply. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem

  constructor(code: ProblemCode, detail: string, options: ProblemExtras & { cause?: unknown } = {}) {
    const { cause, ...extras } = options
    super(detail, { cause })
    this.problem = toProblem(code, detail, extras)
  }
}
