/** How often the page asks how mails stand. */
export const POLL_MS = 5000
