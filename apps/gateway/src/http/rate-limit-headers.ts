/** The head of a reply that is still to be sent. A Fastify reply is one. */
export interface ReplyHead {
  header(name: string, value: string): unknown
}

/** What a limit answered: which one it was, and how long it lasts. */
export interface LimitAnswer {
  readonly limit: string
  readonly retryAfterSeconds: number
}

/**
 * Repeats a limit's answer in the headers, where proxies, browsers and HTTP libraries look: `Retry-After`
 * (RFC 9110), and `RateLimit` of the IETF draft with nothing remaining (`r`) until the limit resets (`t`).
 */
export function setRateLimitHeaders(
  reply: ReplyHead | undefined,
  { limit, retryAfterSeconds }: LimitAnswer,
): void {
  reply?.header('retry-after', String(retryAfterSeconds))
  reply?.header('ratelimit', `"${limit.toLowerCase().replaceAll('_', '-')}";r=0;t=${retryAfterSeconds}`)
}
