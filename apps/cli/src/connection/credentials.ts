import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '@emailauth/service/error-code'
import { CliError, EXIT } from '../exit-codes.ts'
import { writePrivateFile } from '../files/private-file.ts'

/** What `emailauth up` leaves in the data folder for the CLI and for tests. */
export interface Credentials {
  /** The gateway's base; GraphQL is at `/graphql` below it. */
  readonly url: string
  /** Of the tenant `demo`. */
  readonly apiKey: string
  readonly adminKey: string
  /** The built-in inbox; null when mail goes to a real SMTP server. */
  readonly inboxUrl: string | null
}

export const CREDENTIALS_FILE = 'credentials.json'
/** The data folder's name inside a project. */
export const HOME_FOLDER = '.emailauth'

export interface FoundCredentials {
  readonly path: string
  readonly credentials: Partial<Credentials>
}

/**
 * Finds `credentials.json`: in `home` if given, else in `.emailauth/` of the folder and its parents. Another
 * user's file is skipped, because it could send a key to a stranger's server.
 */
export async function findCredentials(
  home: string | undefined,
  folder: string,
): Promise<FoundCredentials | undefined> {
  if (home !== undefined) return readCredentials(join(home, CREDENTIALS_FILE))
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, HOME_FOLDER, CREDENTIALS_FILE)
    if (await isOurs(path)) return readCredentials(path)
    if (dirname(at) === at) return undefined
  }
}

export async function readCredentials(path: string): Promise<FoundCredentials | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw new CliError(EXIT.failed, `${path} cannot be read.`, { cause })
  }
  return { path, credentials: parseCredentials(path, text) }
}

export function writeCredentials(path: string, credentials: Credentials): Promise<void> {
  return writePrivateFile(path, `${JSON.stringify(credentials, null, 2)}\n`)
}

function parseCredentials(path: string, text: string): Partial<Credentials> {
  const broken = (cause?: unknown) =>
    new CliError(EXIT.failed, `${path} is damaged.`, {
      hint: 'Delete it; the next "emailauth up" writes a new one.',
      cause,
    })
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (cause) {
    throw broken(cause)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw broken()
  const fields = Object.entries(read).filter(([name]) =>
    ['url', 'apiKey', 'adminKey', 'inboxUrl'].includes(name),
  )
  if (fields.some(([, value]) => typeof value !== 'string' && value !== null)) throw broken()
  return Object.fromEntries(fields.filter(([name, value]) => value !== null || name === 'inboxUrl'))
}

async function isOurs(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined)
  return file !== undefined && (process.getuid === undefined || file.uid === process.getuid())
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')
}
