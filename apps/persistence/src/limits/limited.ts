import { type LimitKind, type Problem, toProblem } from '@emailauth/contracts/problems'

const WHAT: Record<LimitKind, string> = {
  email: 'This address has been sent as many mails as it may get',
  'client-ip': 'This client IP has made as many attempts as it may',
  'miss-budget': 'There have been too many wrong numbers in the last hour',
  tenant: 'This tenant has registered as often as it may',
}

/** The problem of a limit. `wayOut`: what still works, added to the detail of the miss budget. */
export function limited(
  { limit, seconds: left }: { readonly limit: LimitKind; readonly seconds: number },
  wayOut = '',
): Problem {
  const seconds = Math.max(1, left)
  return toProblem(
    'rate-limited',
    `${WHAT[limit]}${limit === 'miss-budget' ? wayOut : ''}; try again in ${seconds} s.`,
    {
      limit,
      retryAfterSeconds: seconds,
    },
  )
}
