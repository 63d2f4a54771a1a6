/** Replies that say "not now": the server is there but cannot take the command. */
const NOT_NOW =
  /^(OOM|READONLY|LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|MISCONF|NOREPLICAS|BUSY|NOAUTH|MOVED|ASK|UNBLOCKED)\b/
/** A script met a slot that is just being moved to another node of the Cluster. */
const SLOT_MOVES = /non local key/
const CONNECTION =
  /timed out|Socket timeout|Connection is closed|connection close|isn't writeable|isn't ready|max retries per request|Failed to refresh slots|Too many Cluster redirections|None of startup nodes|Cluster is ended|sentinels are unreachable|ECONN|EPIPE|ENOENT/i

/**
 * Whether an error says that Redis could not be asked, or could not do it now, rather than that our command was wrong. Whether the command took
 * effect is unknown after it.
 */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'ReplyError' || error.message.startsWith('OOM')
    ? NOT_NOW.test(error.message) ||
        SLOT_MOVES.test(error.message) ||
        /-OOM|@user_script.*OOM/.test(error.message)
    : CONNECTION.test(`${error.message} ${'code' in error ? String(error.code) : ''}`) ||
        error.name === 'MaxRetriesPerRequestError'
}
