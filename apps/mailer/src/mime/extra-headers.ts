import { isMailHeader, MAIL_HEADER_RULE, MOST_MAIL_HEADERS } from '@emailauth/contracts/mail-headers'

/** Additional headers of a mail, for providers. */
export type ExtraHeaders = Readonly<Record<string, string>>

/** Placeholder for a mail's Message-ID, for providers that return one of our headers instead of it. */
export const MESSAGE_ID = '{message-id}'

/**
 * Reads `EMAILAUTH_MAIL_HEADERS`: a JSON object of names and values, such as
 * `{"X-SES-CONFIGURATION-SET":"codes"}`.
 * @throws {Error} with a sentence that shows the right form.
 */
export function parseExtraHeaders(text: string): ExtraHeaders {
  const entries = Object.entries(jsonObject(text))
  if (entries.length > MOST_MAIL_HEADERS) throw new Error(`must have at most ${MOST_MAIL_HEADERS} headers`)
  const names = new Set(entries.map(([name]) => name.toLowerCase()))
  if (names.size < entries.length || !entries.every(([name, value]) => isMailHeader({ name, value })))
    throw new Error(MAIL_HEADER_RULE)
  // isMailHeader takes only texts as values.
  return Object.fromEntries(entries) as ExtraHeaders
}

function jsonObject(text: string): object {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read
  } catch {}
  throw new Error('must be a JSON object such as {"X-SES-CONFIGURATION-SET":"codes"}')
}

/**
 * Headers that switch off providers' tracking. Without them these providers rewrite links or add a picture. A
 * rewritten link goes through their server, which would lose or see the code in its fragment.
 */
const TRACKING_OFF: readonly {
  readonly hosts: RegExp
  readonly headers: ExtraHeaders
  readonly source: string
}[] = [
  {
    hosts: /(?:^|\.)mailgun\.org$/,
    headers: { 'X-Mailgun-Track': 'no' },
    source: 'Mailgun: sending by SMTP, X-Mailgun-Track',
  },
  {
    hosts: /(?:^|\.)sendgrid\.net$/,
    headers: {
      'X-SMTPAPI':
        '{"filters":{"clicktrack":{"settings":{"enable":0}},"opentrack":{"settings":{"enable":0}}}}',
    },
    source: 'SendGrid: SMTP API filters clicktrack and opentrack',
  },
  {
    hosts: /(?:^|\.)postmarkapp\.com$/,
    headers: {
      'X-PM-TrackOpens': 'false',
      'X-PM-TrackLinks': 'None',
      // Postmark's webhooks return only metadata.
      'X-PM-Metadata-emailauth-id': MESSAGE_ID,
    },
    source: 'Postmark: sending with SMTP, tracking and metadata headers',
  },
  {
    hosts: /(?:^|\.)mailjet\.com$/,
    headers: { 'X-Mailjet-TrackOpen': '0', 'X-Mailjet-TrackClick': '0' },
    source: 'Mailjet: custom SMTP headers',
  },
  {
    hosts: /(?:^|\.)sparkpostmail\.com$/,
    headers: { 'X-MSYS-API': '{"options":{"open_tracking":false,"click_tracking":false}}' },
    source: 'SparkPost: X-MSYS-API options',
  },
  {
    hosts: /(?:^|\.)smtpeter\.com$/,
    headers: { 'x-smtpeter-trackclicks': 'false', 'x-smtpeter-trackopens': 'false' },
    source: 'SMTPeter: MIME headers',
  },
]

/**
 * The headers of mails that may go through any of these hosts. The later of two with the same name counts:
 * those that switch tracking off, then those of all mails, then the tenant's.
 */
export function extraHeaders(hosts: readonly string[], ...given: readonly ExtraHeaders[]): ExtraHeaders {
  const off = TRACKING_OFF.filter(({ hosts: pattern }) =>
    hosts.some((host) => pattern.test(host.toLowerCase())),
  )
  const headers = new Map<string, readonly [name: string, value: string]>()
  for (const some of [...off.map((provider) => provider.headers), ...given])
    for (const header of Object.entries(some)) headers.set(header[0].toLowerCase(), header)
  return Object.fromEntries(headers.values())
}
