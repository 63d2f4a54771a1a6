import { LoadingRedisError } from './connection/loading.ts'

/**
 * Codes of replies that mean "not now": the server is reachable but cannot run the command. After the first
 * three the command had no effect, and another node of the Cluster must run it.
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

/**
 * Codes with which Redis refuses a write before it does anything. In a script only its first write can be
 * refused so.
 */
const REFUSED: ReadonlySet<string> = new Set(['READONLY', 'OOM', 'MISCONF', 'NOREPLICAS'])

/** Whether Redis has refused this command or script, so that nothing of it was done. */
export function isRefusedWrite(error: unknown): boolean {
  return error instanceof Error && REFUSED.has(codeWordOf(error))
}

/** A script used a slot that is being moved to another node. Redis has no code for this error. */
const SLOT_MOVES = /non local key/

/** Messages of ioredis's own errors, which have no code. */
const NO_CONNECTION =
  /timed out|Socket timeout|Connection is closed|connection close|isn't writeable|isn't ready|max retries per request|Failed to refresh slots|Too many Cluster redirections|None of startup nodes|Cluster is ended|sentinels are unreachable/i

/** Codes of socket errors. */
const SOCKET_CODE = /^(ECONN|EPIPE|ENOENT)/

/**
 * Whether an error means that Redis was unreachable or busy, not that our command was wrong. Then the command
 * may have taken effect.
 */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof LoadingRedisError) return true
  const { name, message } = error
  const word = codeWordOf(error)
  if (name === 'ReplyError' || word === 'OOM') return NOT_NOW.has(word) || SLOT_MOVES.test(message)
  const code = 'code' in error ? String(error.code) : ''
  return name === 'MaxRetriesPerRequestError' || SOCKET_CODE.test(code) || NO_CONNECTION.test(message)
}

/**
 * The code of an error reply. When an error reply to a command stops a script, the script's error contains
 * that code: `ERR … -OOM command not allowed …`.
 */
export function codeWordOf({ message }: Error): string {
  const inner = /(?:^|[\s:])-?(OOM|READONLY|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|MOVED|ASK)\b/.exec(
    message,
  )
  return inner?.[1] ?? message.split(' ', 1)[0] ?? ''
}
