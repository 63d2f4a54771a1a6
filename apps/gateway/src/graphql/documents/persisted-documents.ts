import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@emailauth/service/error-code'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { sendError } from '../../http/media-types.ts'

/** The dashboard's documents by the SHA-256 of their text, as its build leaves them beside its files. */
export type PersistedDocuments = ReadonlyMap<string, string>

const MANIFEST = 'persisted-documents.json'

/**
 * Reads the documents that the admin app's build wrote. If the file is missing or damaged, no id is known.
 */
export async function readPersistedDocuments(
  folder: string,
  logger: Pick<FastifyBaseLogger, 'warn'>,
): Promise<PersistedDocuments> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'))
    const documents = Object.entries(manifest ?? {}).filter(([, text]) => typeof text === 'string')
    return new Map(documents.map(([digest, text]) => [withoutAlgorithm(digest), text]))
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT'
    if (!isMissing) logger.warn({ err: error }, `${MANIFEST} is damaged; documents are taken in full only`)
    return new Map()
  }
}

/**
 * Replaces a document's id by its text: `documentId: "sha256:…"` of the GraphQL-over-HTTP draft, or Apollo's
 * `extensions.persistedQuery.sha256Hash`. No request ever adds a document.
 */
export function usePersistedDocuments(documents: PersistedDocuments) {
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const body = withText(request.body, documents)
    if (typeof body === 'symbol') {
      const message = body === UNKNOWN ? 'PersistedQueryNotFound' : 'PersistedQueryNotSupported'
      sendError(request, reply, { status: 400, code: 'BAD_USER_INPUT', message })
    } else {
      request.body = body
      done()
    }
  }
}

// Messages that clients know. After the second one they send all documents in full. After the first one they
// would try the hash of each document, in vain: this server stores none.
const UNKNOWN = Symbol('no document has this documentId')
const NEVER_LEARNED = Symbol('no document has this hash')

/** Puts the document's text in place of its id. A body without an id stays the same. */
function withText(body: unknown, documents: PersistedDocuments): unknown {
  if (!isRecord(body) || (body.documentId === undefined && body.extensions === undefined)) return body
  const { documentId, extensions, ...rest } = body
  const id = documentId ?? idIn(extensions)
  if (id === undefined) return body
  const text = typeof id === 'string' ? documents.get(withoutAlgorithm(id)) : undefined
  const query = rest.query ?? text
  if (query !== undefined) return { ...rest, query }
  return (documentId ?? undefined) === undefined ? NEVER_LEARNED : UNKNOWN
}

const withoutAlgorithm = (id: string) => id.replace(/^sha256:/, '')

function idIn(extensions: unknown): unknown {
  if (!isRecord(extensions) || !isRecord(extensions.persistedQuery)) return undefined
  return extensions.persistedQuery.sha256Hash ?? ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
