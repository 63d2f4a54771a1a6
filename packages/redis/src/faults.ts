/**
 * Code words of replies that mean "not now": the server is there but cannot take the command. The first three say that it took no effect
 * here and goes elsewhere on a Cluster.
 */
const NOT_NOW: ReadonlySet<string> = new Set([
  'MOVED',
  'ASK',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'READONLY',
  'MASTERDOWN',
  'LOADING',
  'BUSY',
  'OOM',
  'MISCONF',
  'NOREPLICAS',
  'NOAUTH',
  'UNBLOCKED',
])

/** A script met a slot that is being moved to another node. Redis has no code word for it. */
const SLOT_MOVES = /non local key/

/** ioredis's own errors have no code: these are their words. */
const NO_CONNECTION =
  /timed out|Socket timeout|Connection is closed|connection close|isn't writeable|isn't ready|max retries per request|Failed to refresh slots|Too many Cluster redirections|None of startup nodes|Cluster is ended|sentinels are unreachable/i

/** Codes of errors of the socket. */
const SOCKET_CODE = /^(ECONN|EPIPE|ENOENT)/

/**
 * Whether an error means that Redis could not be reached, or could not do it now, rather than that our command was wrong. Whether the command
 * took effect is unknown then.
 */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { name, message } = error
  const word = codeWordOf(error)
  if (name === 'ReplyError' || word === 'OOM') return NOT_NOW.has(word) || SLOT_MOVES.test(message)
  const code = 'code' in error ? String(error.code) : ''
  return name === 'MaxRetriesPerRequestError' || SOCKET_CODE.test(code) || NO_CONNECTION.test(message)
}

/**
 * The code word of a reply. A script that was stopped by a reply to one of its commands carries that reply's word further on:
 * `ERR … -OOM command not allowed …`.
 */
export function codeWordOf({ message }: Error): string {
  const inner = /(?:^|[\s:])-?(OOM|READONLY|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|MOVED|ASK)\b/.exec(
    message,
  )
  return inner?.[1] ?? message.split(' ', 1)[0] ?? ''
}
