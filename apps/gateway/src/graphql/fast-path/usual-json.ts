import { isAscii, isUtf8 } from 'node:buffer'
import { hasManyParts } from '@emailauth/service/http/json-parts'

/** Names that Fastify refuses, because they set a prototype, and escaped letters that may hide one. */
const SUSPICIOUS = /__proto__|"constructor"|\\u00[4-7]/i

/** Reads a JSON body. undefined: it is none, or Fastify has to look at it. */
export function parseUsualJson(body: Buffer): unknown {
  const text = isAscii(body) ? body.toString('latin1') : isUtf8(body) ? body.toString() : undefined
  if (text === undefined || hasManyParts(body) || SUSPICIOUS.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
