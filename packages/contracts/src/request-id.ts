const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** Whether a text has the form of the gateway's request ids: UUID version 7. */
export function isRequestId(text: string): boolean {
  return UUID_7.test(text)
}

/** When the gateway received a request, in Unix milliseconds. Undefined: not one of its ids. */
export function timeOfRequest(requestId: string): number | undefined {
  const [, high, low] = UUID_7.exec(requestId) ?? []
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16)
}
