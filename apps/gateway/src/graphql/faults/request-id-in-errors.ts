/**
 * Writes the request's id into each error of an answer. Apollo writes `errors` first, so the first bytes show
 * whether there are any. Only those answers are parsed.
 */
export function withRequestId(payload: string, requestId: string): string {
  if (!payload.startsWith('{"errors":')) return payload
  const answer: { errors: { extensions?: object }[] } = JSON.parse(payload)
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId }
  return JSON.stringify(answer)
}
