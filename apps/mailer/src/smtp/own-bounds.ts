/** All connections to a relay are in use, and as many mails wait for one as may. */
export const NO_CONNECTION_FREE = 'All connections to the SMTP server are in use; the mail waits.'
/** A tenant has its share of the mails under way. */
export const SHARE_IN_USE = 'Many mails of this tenant are under way; this one waits.'

/** The replies of mails that wait because of a bound of our own. No server was asked. */
export const OF_OWN_BOUNDS: ReadonlySet<string> = new Set([NO_CONNECTION_FREE, SHARE_IN_USE])
