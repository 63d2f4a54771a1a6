import { ProblemError } from '@emailauth/service/http/problem-error'

/** The result of one call of a batch, which may come before the others. */
export interface PendingResult<Result> {
  readonly result: Promise<Result>
}

/**
 * Makes a request whose results arrive one by one.
 * @param request reports each result by its call's index. When it ends, calls without a result are rejected,
 * with its error if it failed.
 */
export function pendingResults<Result>(
  count: number,
  request: (onResult: (index: number, result: Result) => void) => Promise<void>,
): readonly PendingResult<Result>[] {
  const waiting = new Map<number, { resolve(result: Result): void; reject(error: unknown): void }>()
  const pending = Array.from({ length: count }, (_, index) => {
    const result = new Promise<Result>((resolve, reject) => waiting.set(index, { resolve, reject }))
    return { result }
  })
  const rejectRest = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error)
  }
  request((index, result) => {
    waiting.get(index)?.resolve(result)
    waiting.delete(index)
  }).then(() => {
    if (waiting.size > 0) rejectRest(new ProblemError('internal', UNANSWERED))
  }, rejectRest)
  return pending
}

/** Said when a service did not answer every call. */
export const UNANSWERED = 'A service did not answer every call of a batch.'
