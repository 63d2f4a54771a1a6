import { createTransport, type NodemailerError } from 'nodemailer'
import { classifyFailure } from './failure.ts'
import type { HandOver, OutgoingMail, Smtp } from './hand-over.ts'
import type { SmtpServer } from './smtp-url.ts'

/** Bounds of each server's pool and of every wait in it. */
export interface SmtpLimits {
  readonly maxConnections: number
  readonly connectionTimeoutMs: number
  readonly greetingTimeoutMs: number
  readonly socketTimeoutMs: number
}

export const DEFAULT_SMTP_LIMITS: SmtpLimits = {
  maxConnections: 10,
  connectionTimeoutMs: 5000,
  greetingTimeoutMs: 5000,
  socketTimeoutMs: 10_000,
}

/** Told after every try: whether the server could be spoken with, whatever it said. */
export type OnTried = (server: SmtpServer, reachable: boolean) => void

/** SMTP through nodemailer: a pool of connections to each server, tried in the order given until one does not defer. */
export function createSmtp(servers: readonly SmtpServer[], limits: SmtpLimits, onTried: OnTried): Smtp {
  const pools = servers.map((server) => ({ server, transport: createPool(server, limits) }))
  const running = new Set<Promise<HandOver>>()

  async function throughAny(mail: OutgoingMail): Promise<HandOver> {
    let last: HandOver = { outcome: 'deferred', reply: 'There is no SMTP server.' }
    for (const { server, transport } of pools) {
      if (mail.signal.aborted) return last
      last = await through(server, transport, mail)
      if (last.outcome !== 'deferred') return last
    }
    return last
  }

  async function through(server: SmtpServer, transport: Pool, mail: OutgoingMail): Promise<HandOver> {
    const { from, to, raw, signal } = mail
    try {
      const { response } = await transport.sendMail({ envelope: { from, to }, raw, signal })
      onTried(server, true)
      return { outcome: 'sent', reply: response }
    } catch (error) {
      const failure = error as NodemailerError
      onTried(server, failure.responseCode !== undefined)
      return classifyFailure(failure)
    }
  }

  return {
    handOver(mail) {
      const handOver = throughAny(mail)
      running.add(handOver)
      void handOver.finally(() => running.delete(handOver))
      return handOver
    },
    async close() {
      await Promise.all(running)
      for (const { transport } of pools) transport.close()
    },
  }
}

type Pool = ReturnType<typeof createPool>

function createPool(server: SmtpServer, limits: SmtpLimits) {
  const { host, port, security, auth } = server
  return createTransport({
    pool: true,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'required',
    ignoreTLS: security === 'none',
    ...(auth === undefined ? {} : { auth: { ...auth } }),
    maxConnections: limits.maxConnections,
    maxMessages: 1000,
    // A mail whose connection closed before it began goes to another one, once; beyond that the queue of retries decides.
    maxRequeues: 1,
    connectionTimeout: limits.connectionTimeoutMs,
    greetingTimeout: limits.greetingTimeoutMs,
    socketTimeout: limits.socketTimeoutMs,
    dnsTimeout: limits.connectionTimeoutMs,
    // Messages are ours, whole and in memory; nothing in them is ever a path or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}
