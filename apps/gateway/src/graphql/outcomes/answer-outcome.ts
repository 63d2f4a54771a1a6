import { type LimitAnswer, setRateLimitHeaders } from '../../http/rate-limit-headers.ts'
import type { FastPathContext } from '../context.ts'

type Outcome = { readonly __typename: string } & Partial<LimitAnswer>

/** Returns an outcome. If a limit refused the call, the reply's headers say so too. */
export function answerOutcome<Given extends Outcome>({ head }: FastPathContext, outcome: Given): Given {
  const { limit, retryAfterSeconds } = outcome
  if (limit !== undefined && retryAfterSeconds !== undefined)
    setRateLimitHeaders(head, { limit, retryAfterSeconds })
  return outcome
}
