/** Longer than a call through all services takes when one is slow, but bearable for a caller. */
export const OPERATION_TIMEOUT_MS = 12_000

/**
 * The operation was not answered in time. It continues and may still take effect, as with any lost reply. A
 * call with an idempotency key can be repeated.
 */
export class TooLate extends Error {
  override readonly name = 'TooLate'
}

/** The work's own end, or {@link TooLate} when that does not come in time. */
export function inTime<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooLate(`no answer within ${timeoutMs} ms`)), timeoutMs)
    work.then(
      (result) => {
        clearTimeout(timer)
        resolve(result)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
