/** Replies that say "not now": the server is there but cannot take the command. */
const NOT_NOW =
  /^(OOM|READONLY|LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|MISCONF|NOREPLICAS|BUSY|NOAUTH|MOVED|ASK)\b/
const CONNECTION =
  /timed out|Connection is closed|isn't writeable|max retries per request|Failed to refresh slots|ECONN|EPIPE|ENOENT/i

/**
 * Whether an error says that Redis could not be asked, or could not do it now, rather than that our command was wrong. Whether the command took
 * effect is unknown after it.
 */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'ReplyError' || error.message.startsWith('OOM')
    ? NOT_NOW.test(error.message) || /-OOM|@user_script.*OOM/.test(error.message)
    : CONNECTION.test(`${error.message} ${'code' in error ? String(error.code) : ''}`) ||
        error.name === 'MaxRetriesPerRequestError'
}
