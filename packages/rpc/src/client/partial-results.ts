import { ProblemError } from '@emailauth/service/problem-error'

/** The result of one call of a hop, which may come before the others. */
export interface PendingResult<Result> {
  readonly result: Promise<Result>
}

/**
 * Makes a hop whose results come one by one, each told by the index of its call, so that none waits for the slowest.
 *
 * @param hop tells results as they come; when it ends, those that have not come never will. Its fault is theirs.
 */
export function partialResults<Result>(
  count: number,
  hop: (told: (index: number, result: Result) => void) => Promise<void>,
): readonly PendingResult<Result>[] {
  const waiting = new Map<number, { resolve(result: Result): void; reject(error: unknown): void }>()
  const coming = Array.from({ length: count }, (_, index) => {
    const result = new Promise<Result>((resolve, reject) => waiting.set(index, { resolve, reject }))
    return { result }
  })
  const miss = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error)
  }
  hop((index, result) => {
    waiting.get(index)?.resolve(result)
    waiting.delete(index)
  }).then(() => {
    if (waiting.size > 0) miss(new ProblemError('internal', UNANSWERED))
  }, miss)
  return coming
}

const UNANSWERED = 'A service did not answer every call of a hop.'
