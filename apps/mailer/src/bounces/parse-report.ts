import PostalMime, { type Email } from 'postal-mime'

/** Larger reports are not read. A returned mail of ours has about 10 kB. */
export const DSN_MAX_BYTES = 256 * 1024
/** More than a mail of that size has when its lines are as long as usual. */
const LINES_MAX = 5000
/** Lines that may begin or end a part. A report has three parts. */
const BOUNDARIES_MAX = 100
const HEADERS_MAX_BYTES = 32 * 1024
/** Of all addresses. A report goes to one, and names its sender. */
const ADDRESSES_MAX_BYTES = 4 * 1024
/** The headers in which the parser looks for addresses. */
const ADDRESS_HEADER = /^(?:from|sender|reply-to|delivered-to|return-path|to|cc|bcc)[ \t]*:/i

/**
 * Parses a report that a stranger may have sent. The parser's time grows with the square of parts and of
 * addresses, and it makes a Blob for each body: 256 KiB of these would block the mailer for seconds, and ten
 * reports a second with 32 KiB of addresses all the time.
 *
 * @returns undefined when it does not have the shape of a mail server's report
 */
export async function parseReport(raw: Buffer): Promise<Email | undefined> {
  if (raw.length > DSN_MAX_BYTES || !hasUsualShape(raw)) return undefined
  const options = { forceRfc822Attachments: true, maxHeadersSize: HEADERS_MAX_BYTES }
  // PostalMime throws when headers are too long.
  return PostalMime.parse(raw, options).catch(() => undefined)
}

function hasUsualShape(raw: Buffer): boolean {
  let lines = 0
  let boundaries = 0
  for (let start = 0; start < raw.length; lines++) {
    if (raw[start] === 0x2d && raw[start + 1] === 0x2d) boundaries++
    if (lines === LINES_MAX || boundaries > BOUNDARIES_MAX) return false
    const end = raw.indexOf(0x0a, start)
    start = end === -1 ? raw.length : end + 1
  }
  return addressesIn(raw) <= ADDRESSES_MAX_BYTES
}

/** Bytes of the report's own headers that hold addresses, with their continuation lines. */
function addressesIn(raw: Buffer): number {
  const headers = raw.toString('latin1', 0, HEADERS_MAX_BYTES).split(/\n\r?\n/, 1)[0] ?? ''
  let bytes = 0
  let isOfAddresses = false
  for (const line of headers.split('\n')) {
    if (!/^[ \t]/.test(line)) isOfAddresses = ADDRESS_HEADER.test(line)
    if (isOfAddresses) bytes += line.length
  }
  return bytes
}
