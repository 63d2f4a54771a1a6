import { STORE_ID_HEADER } from '@emailauth/contracts/store-id'
import type { LocalPersistence } from '../up/services/local-persistence.ts'
import { type Finding, fail } from './finding.ts'

/** What helps where processes of persistence have different stores. */
export const SET_ONE_STORE =
  'Set the same EMAILAUTH_REDIS_URL for all processes of persistence, with the same database, and start those again that had another one.'

const TIMEOUT_MS = 5000
/** Each time a balancer may choose another process. With two, all of eight are the same one in 1 of 128. */
const TIMES = 8

/**
 * Whether all processes of persistence have the same store. Each works by itself when one has another Redis,
 * and a gateway that keeps its connection to one of them does not see it either.
 */
export async function checkOneStore({ urls, fetch }: LocalPersistence): Promise<readonly Finding[]> {
  const storeOf = async (url: string) => {
    // A new connection: a balancer may choose for the whole of one.
    const headers = { connection: 'close' }
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const reply = await fetch(`${url}/readyz`, { headers, signal })
    await reply.text()
    return reply.headers.get(STORE_ID_HEADER)
  }
  const asked = await Promise.allSettled(
    urls.flatMap((url) => Array.from({ length: TIMES }, () => storeOf(url))),
  )
  // A process that does not answer, or is of an earlier version, says nothing of its store.
  const stores = new Set(
    asked.flatMap((one) => (one.status === 'fulfilled' && one.value !== null ? [one.value] : [])),
  )
  if (stores.size < 2) return []
  return [
    fail(
      'Store',
      `the processes of persistence have different stores: ${[...stores].sort().join(', ')}. Valid API keys and right numbers are wrong now and then.`,
      SET_ONE_STORE,
    ),
  ]
}
