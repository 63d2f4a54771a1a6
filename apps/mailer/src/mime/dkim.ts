import { createPrivateKey, hash, type KeyObject, sign } from 'node:crypto'

/**
 * A key that signs a domain's mails (DKIM, RFC 6376). DNS has its public half at
 * `<selector>._domainkey.<domain>`.
 */
export interface DkimKey {
  readonly domain: string
  readonly selector: string
  /** RSA of 2,048 bits or more, or Ed25519 (RFC 8463). */
  readonly privateKey: KeyObject
}

/** The keys that sign for a sender's domain: its own, and those of the domains above it. */
export const keysFor = (domain: string, keys: readonly DkimKey[]): readonly DkimKey[] =>
  keys.filter((key) => domain === key.domain || domain.endsWith(`.${key.domain}`))

/** Signed headers: each one whose change would alter the meaning. A second `From` forbids adding one. */
const SIGNED = [
  'from',
  'from',
  'reply-to',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
]
const RSA_MIN_BITS = 2048

/**
 * Reads a private key in PEM.
 * @throws {Error} with a sentence when DKIM cannot use it.
 */
export function readDkimKey(domain: string, selector: string, pem: string): DkimKey {
  const privateKey = createPrivateKey(pem)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey
  if (type === 'rsa' && (details?.modulusLength ?? 0) < RSA_MIN_BITS) {
    throw new Error(`a DKIM key of RSA has at least ${RSA_MIN_BITS} bits`)
  }
  if (type !== 'rsa' && type !== 'ed25519') throw new Error('a DKIM key is of RSA or Ed25519')
  return { domain, selector, privateKey }
}

/**
 * Returns a message's `DKIM-Signature` header, to be put before it. Canonicalization is relaxed/relaxed.
 * nodemailer signs only with RSA, and only in its own message pipeline.
 */
export function signDkim({ domain, selector, privateKey }: DkimKey, message: string): string {
  const headEnd = message.indexOf('\r\n\r\n')
  const headers = headersOf(message.slice(0, headEnd))
  const bodyHash = hash('sha256', relaxedBody(message.slice(headEnd + 4)), 'base64')
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256'
  const names = SIGNED.filter((name) => name === 'from' || headers.has(name))
  const tags = [
    `v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain}; s=${selector};`,
    `h=${names.join(':')};`,
    `bh=${bodyHash};`,
    'b=',
  ].join('\r\n ')
  // The second `from` names a header that does not exist, which forbids adding one.
  const signedHeaders = [...new Set(names)].map((name) => `${name}:${headers.get(name)}\r\n`).join('')
  const signed = `${signedHeaders}dkim-signature:${relaxedValue(tags)}`
  const signature =
    algorithm === 'rsa-sha256'
      ? sign('sha256', Buffer.from(signed), privateKey)
      : sign(null, hash('sha256', signed, 'buffer'), privateKey)
  const folded = signature.toString('base64').replace(/.{72}(?=.)/g, '$&\r\n ')
  return `DKIM-Signature: ${tags}${folded}\r\n`
}

/** Header values by name, unfolded and with single spaces. */
function headersOf(head: string): ReadonlyMap<string, string> {
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), relaxedValue(line.slice(colon + 1))]
    }),
  )
}

function relaxedValue(value: string): string {
  return value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()
}

function relaxedBody(body: string): string {
  const lines = body.replace(/[ \t]+(?=\r\n|$)/g, '').replace(/[ \t]+/g, ' ')
  return lines === '' ? '' : `${lines.replace(/(?:\r\n)+$/, '')}\r\n`
}
