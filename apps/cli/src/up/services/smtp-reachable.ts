import { once } from 'node:events'
import { connect } from 'node:net'
import { CliError, EXIT } from '../../exit-codes.ts'

const TIMEOUT_MS = 3000

/**
 * Checks that at least one SMTP server accepts a connection. Returns the hosts that cannot be reached.
 * @throws {CliError} when none can be reached. Names hosts and ports only: the URLs hold passwords.
 */
export async function requireReachableSmtp(urls: string): Promise<string[]> {
  const servers = urls.split(',').map(readServer)
  const reached = await Promise.all(servers.map(isReachable))
  const away = servers.filter((_, at) => !reached[at]).map(({ host, port }) => `${host}:${port}`)
  if (away.length < servers.length) return away
  throw new CliError(
    EXIT.unreachable,
    `The mail server of EMAILAUTH_SMTP_URL cannot be reached at ${away.join(', ')}.`,
    {
      hint: 'Unset EMAILAUTH_SMTP_URL to work with the built-in inbox.',
    },
  )
}

interface Server {
  readonly host: string
  readonly port: number
}

function readServer(text: string): Server {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new CliError(EXIT.failed, 'EMAILAUTH_SMTP_URL must read smtp://host:port or smtps://host:port.')
  }
  const standard = url.protocol === 'smtps:' ? 465 : 587
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || standard) }
}

async function isReachable({ host, port }: Server): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
