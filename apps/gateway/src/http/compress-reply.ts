import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { DoneFuncWithErrOrRes, FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { firstRanges } from './first-ranges.ts'
import { varyBy } from './vary.ts'

export type Encoding = 'br' | 'gzip'

/**
 * A smaller reply fits into two packets, and compressing it costs more than it saves. Most replies are
 * smaller.
 */
const LEAST_LENGTH = 2048
/** About as small as gzip's best, at a third of the time. */
const BROTLI_QUALITY = 4

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

/**
 * Compresses a large reply with an encoding that the caller accepts; pages of lists shrink to a tenth. Put
 * it last among the `onSend` hooks, because the others need the text.
 */
export function compressReply(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: DoneFuncWithErrOrRes,
) {
  if (typeof payload !== 'string' || !isLarge(payload)) return done(null, payload)
  varyBy(reply, 'accept-encoding')
  const compressed = compress(request.raw, payload)
  if (compressed === undefined) return done(null, payload)
  reply.header('content-encoding', compressed.encoding)
  reply.removeHeader('content-length')
  compressed.body.then(
    (body) => done(null, body),
    (error: Error) => done(error),
  )
}

/** True for a text that is worth compressing. Its reply depends on `Accept-Encoding`. */
export function isLarge(text: string): boolean {
  return text.length >= LEAST_LENGTH
}

/** Compresses a text as its caller likes it best. undefined: the caller accepts neither encoding. */
export function compress(
  request: Pick<IncomingMessage, 'headers'>,
  text: string,
): { readonly encoding: Encoding; readonly body: Promise<Buffer> } | undefined {
  const encoding = acceptedEncoding(request)
  return encoding === undefined ? undefined : { encoding, body: encode(encoding, text) }
}

/** The encoding that the caller likes best. undefined: the caller accepts neither. */
export function acceptedEncoding({ headers }: Pick<IncomingMessage, 'headers'>): Encoding | undefined {
  const header = headers['accept-encoding']
  if (typeof header !== 'string') return undefined
  const ranges = { 'accept-encoding': firstRanges(header).join(',') }
  const accepted = new Negotiator({ headers: ranges }).encodings(['br', 'gzip'])
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : undefined
}

export function encode(encoding: Encoding, text: string): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
  return encoding === 'br' ? toBrotli(text, { params }) : toGzip(text)
}
