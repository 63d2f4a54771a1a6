/**
 * The `Authorization` that a client sent in the payload of `connection_init`. Browsers can set no header of a
 * WebSocket, so clients put it there, some of them in an object of headers, and in any case of letters.
 */
export function authorizationIn(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return named(params) ?? (isRecord(params?.headers) ? named(params.headers) : undefined)
}

function named(fields: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const [name, value] of Object.entries(fields ?? {}))
    if (name.toLowerCase() === 'authorization' && typeof value === 'string') return value
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
