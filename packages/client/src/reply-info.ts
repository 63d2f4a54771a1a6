/** What came beside an answer. */
export interface ReplyInfo {
  readonly status: number
  /** Names the call in the server's logs. */
  readonly requestId: string | undefined
}

const infos = new WeakMap<object, ReplyInfo>()

/** Remembers what came beside an answer, without changing it. */
export function noteReply(value: unknown, info: ReplyInfo): void {
  if (typeof value === 'object' && value !== null) infos.set(value, info)
}

/**
 * The request id of a reply, to match your log with the server's. Errors have it as `requestId`. `true`,
 * `false` and null have none.
 *
 * @example
 * const result = await emailauth.register(input)
 * log.info({ outcome: result.__typename, requestId: requestIdOf(result) })
 */
export function requestIdOf(answer: object): string | undefined {
  return infos.get(answer)?.requestId
}
