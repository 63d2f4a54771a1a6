/**
 * Why a mail was deferred, came back or was refused. The classes of the mailer's table of replies, and four
 * of mails without a reply that could be classified.
 *
 * - recipient: nobody reads the mailbox.
 * - suppressed: an earlier mail to the address came back, so none is sent.
 * - mailbox-full: the mailbox takes no more mails for now.
 * - sender: the sender's address, domain or its SPF, DKIM or DMARC.
 * - blocked: our address or domain is on a blocklist.
 * - limit: too many mails for the receiver or for our account at the relay.
 * - relaying: the relay does not send for us to this address.
 * - credentials: the relay did not accept our credentials.
 * - content: the mail itself was taken for spam or was too large.
 * - policy: a rule of the receiver that it does not explain.
 * - protocol: the server and we did not understand each other.
 * - temporary: the server asked to try again, for example because of greylisting.
 * - unreachable: the relay could not be reached, or closed the connection.
 * - slow: the mail was still being sent when its register call was answered.
 * - other: anything else.
 */
export const DELIVERY_REASONS = [
  'recipient',
  'suppressed',
  'mailbox-full',
  'sender',
  'blocked',
  'limit',
  'relaying',
  'credentials',
  'content',
  'policy',
  'protocol',
  'temporary',
  'unreachable',
  'slow',
  'other',
] as const
