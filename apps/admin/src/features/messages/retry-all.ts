/** The most that one call of `retryMessages` tries. */
const RETRIED_AT_ONCE = 1000

/**
 * A call tries a bounded number, so calls follow one another until one finds fewer.
 * @param retry returns how many it tried, or undefined after a failure, which ends it
 */
export async function retryAll(retry: () => Promise<number | undefined>): Promise<number> {
  let count = 0
  let tried: number | undefined
  do {
    tried = await retry()
    count += tried ?? 0
  } while (tried === RETRIED_AT_ONCE)
  return count
}
