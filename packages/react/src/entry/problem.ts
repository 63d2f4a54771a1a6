import type { NumberFieldTexts } from '../texts/number-field-texts.ts'
import { withTime } from './texts.ts'

/**
 * Why a number or a resend was refused, as emailauth's answers say it. Any other code is a fault: `message`
 * is shown, or that it did not work.
 */
export interface NumberFieldProblem {
  readonly code:
    | 'WRONG_CREDENTIALS'
    | 'RATE_LIMITED'
    | 'IDENTITY_NOT_FOUND'
    | 'EMAIL_REJECTED'
    | (string & {})
  /** Shown in place of the field's own text. */
  readonly message?: string | undefined
  /** With `RATE_LIMITED`: how long to wait. */
  readonly retryAfterSeconds?: number | undefined
}

/** The sentence for a problem. */
export function sentenceOf(problem: NumberFieldProblem, texts: NumberFieldTexts): string {
  if (problem.message !== undefined) return problem.message
  switch (problem.code) {
    case 'WRONG_CREDENTIALS':
      return texts.wrong
    case 'RATE_LIMITED':
      return withTime(texts.limited, problem.retryAfterSeconds ?? 60)
    case 'IDENTITY_NOT_FOUND':
      return texts.gone
    case 'EMAIL_REJECTED':
      return texts.rejected
    default:
      return texts.failed
  }
}
