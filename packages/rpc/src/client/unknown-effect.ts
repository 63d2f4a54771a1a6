import type { ExchangeReply } from './transport.ts'

/**
 * The reply to a second attempt, for a caller whose first attempt may have taken effect: no problem in it
 * says that nothing was done.
 */
export function withUnknownEffect(reply: ExchangeReply): ExchangeReply {
  const { body } = reply
  if (!isObject(body)) return reply
  if (!Array.isArray(body.results)) return { ...reply, body: withoutClaim(body) }
  return { ...reply, body: { ...body, results: body.results.map(unknownEffect) } }
}

/** The same for one result of a batch. */
export function unknownEffect<Result>(result: Result): Result {
  if (!isObject(result) || !isObject(result.problem)) return result
  return { ...result, problem: withoutClaim(result.problem) }
}

function withoutClaim(problem: Readonly<Record<string, unknown>>): object {
  const { tookEffect, ...unknown } = problem
  return tookEffect === false ? { ...unknown, detail: UNKNOWN } : problem
}

const UNKNOWN = 'The service is not available for the moment; whether this call took effect is unknown.'

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
