/** Headers of `X-…` form that a mail carries beside its own. */
export type ExtraHeaders = Readonly<Record<string, string>>

/** Stands for the Message-ID of each mail: for providers that give back a header of ours, not that one. */
export const MESSAGE_ID = '{message-id}'

const NAME = /^X-[A-Za-z0-9-]{1,74}$/i
/** Within one line (RFC 5322, 2.1.1) with the longest name. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,898}[\x21-\x7e])?$/
/** What the mailer says itself. */
const OWN = new Set(['x-auto-response-suppress'])
const MOST = 20

/**
 * Reads `EMAILAUTH_MAIL_HEADERS`: a JSON object from names to texts, such as `{"X-SES-CONFIGURATION-SET":"codes"}`.
 * @throws {Error} with a sentence that tells the right form.
 */
export function parseExtraHeaders(text: string): ExtraHeaders {
  const entries = Object.entries(jsonObject(text))
  if (entries.length > MOST) throw new Error(`must have at most ${MOST} headers`)
  const names = new Set<string>()
  for (const [name, value] of entries) {
    const isFree = NAME.test(name) && !OWN.has(name.toLowerCase()) && !names.has(name.toLowerCase())
    if (!isFree || typeof value !== 'string' || !VALUE.test(value)) {
      throw new Error(
        'must name each header once, as X-…, with a text of up to 900 printable ASCII characters',
      )
    }
    names.add(name.toLowerCase())
  }
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
 * Providers that rewrite links or add a picture to mails unless a header says otherwise. A link that they rewrite goes through their
 * server, and the code in its fragment does not survive that, or is seen by it.
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
      // Its webhooks give back metadata only.
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
]

/** The headers of mails that may go through any of these hosts; what is given outweighs what would switch tracking off. */
export function extraHeaders(hosts: readonly string[], given: ExtraHeaders): ExtraHeaders {
  const headers: Record<string, string> = { ...given }
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  for (const { hosts: pattern, headers: off } of TRACKING_OFF) {
    if (!hosts.some((host) => pattern.test(host.toLowerCase()))) continue
    for (const [name, value] of Object.entries(off)) if (!names.has(name.toLowerCase())) headers[name] = value
  }
  return headers
}
