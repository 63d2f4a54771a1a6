import { createGather } from '@emailauth/gather/gather'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { currentLink } from '@emailauth/service/telemetry/tracing'
import { z } from 'zod'
import type { BatchRoute, Links } from './call.ts'
import { pendingResults, UNANSWERED } from './pending-results.ts'
import { retryUnavailable } from './retry.ts'

/** A call that waits for its batch. */
interface Item<Request> {
  readonly request: Request
  readonly requestId: string
  readonly link: NonNullable<Links>[number] | undefined
}

/** One request to a batch route; `onPart` takes what comes before its end. */
export interface BatchExchange {
  readonly path: string
  readonly body: { readonly requests: readonly unknown[] }
  readonly requestId: string
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly links: Links
  readonly withinMs: number
  readonly onPart?: (part: unknown) => void
}

/** @param send resolves with the body of a good reply; throws a {@link ProblemError} for any other. */
export function createBatch<Request, Result extends object>(
  route: BatchRoute<Result>,
  send: <Body>(exchange: BatchExchange, shape: z.ZodType<Body>) => Promise<Body>,
): (request: Request, requestId: string) => Promise<Result> {
  const { path, batch, retry, deadline, result } = route
  const whole = z.object({ results: z.array(result) })
  const part = z.object({ index: z.int() })

  const exchangeOf = (
    items: readonly Item<Request>[],
    withinMs: number,
    headers?: Readonly<Record<string, string>>,
  ): BatchExchange => ({
    path,
    body: { requests: items.map(({ request }) => request) },
    requestId: items[0]?.requestId ?? '',
    headers,
    // The batch runs in the span of its first call; those of the others are linked to it.
    links: items.slice(1).flatMap(({ link }) => (link === undefined ? [] : [link])),
    withinMs,
  })

  async function sendWhole(items: readonly Item<Request>[]): Promise<Result[]> {
    const { withinMs } = retry
    const once = async (some: readonly Item<Request>[], leftMs: number) => {
      // Anew for the second attempt: the first may have been late because the store's clock was set ahead.
      const headers = await deadline?.(leftMs)
      const { results } = await send(exchangeOf(some, leftMs, headers), whole)
      if (results.length === some.length) return results
      throw new ProblemError('internal', UNANSWERED)
    }
    return retry.unavailable ? retryUnavailable(items, withinMs, once) : once(items, withinMs)
  }

  /** Results come one by one, so each call gets a promise of its own. */
  async function sendStreamed(items: readonly Item<Request>[]) {
    return pendingResults<Result>(items.length, async (onResult) => {
      const onPart = (given: unknown) => onResult(part.parse(given).index, result.parse(given))
      await send({ ...exchangeOf(items, retry.withinMs), onPart }, z.unknown())
    })
  }

  const itemOf = (request: Request, requestId: string) => ({ request, requestId, link: currentLink() })
  if (route.streamed !== true) {
    const { add } = createGather<Item<Request>, Result>({ ...batch, run: sendWhole })
    return (request, requestId) => add(itemOf(request, requestId))
  }
  const { add } = createGather({ ...batch, run: sendStreamed })
  return async (request, requestId) => (await add(itemOf(request, requestId))).result
}
