import { problem } from '@emailauth/contracts/problems'
import { type RelayCheck, relayCheckReply, relayCheckRequest } from '@emailauth/contracts/relay-checks'
import type { ServiceApp } from '@emailauth/service/app'
import { ProblemError } from '@emailauth/service/problem-error'
import type { SmtpServer } from '../smtp/smtp-url.ts'
import { mailOf } from '../tenants/mail-of.ts'
import { type OwnServer, SEALED_REPLY } from '../tenants/own-server.ts'
import { checkRelay } from './check-relay.ts'

/** Shorter than the callers' timeouts: the gateway waits 9.5 s, the dashboard 10 s. */
const CHECK_MS = 8000

interface RelayCheckOptions {
  /** The relays of tenants without one of their own. */
  readonly servers: readonly SmtpServer[]
  readonly ownServer: OwnServer
  /** Default: {@link CHECK_MS}. */
  readonly withinMs?: number
}

/** Says whether a tenant's mails would find their relay, before one is sent. */
export function addRelayCheckRoutes(
  app: ServiceApp,
  { servers, ownServer, withinMs = CHECK_MS }: RelayCheckOptions,
): void {
  app.post(
    '/v1/relay-checks',
    {
      schema: {
        summary: 'Connects to the relays of a tenant’s mails, signs in, and sends nothing',
        body: relayCheckRequest,
        response: { 200: relayCheckReply, 400: problem, 409: problem },
      },
    },
    async ({ body }) => {
      const own = ownServerOf(ownServer, body.tenantId, mailOf(body))
      const relays = own === undefined ? servers : [own]
      return { relays: await Promise.all(relays.map((server) => check(server, withinMs))) }
    },
  )
}

function ownServerOf(ownServer: OwnServer, ...tenant: Parameters<OwnServer>): SmtpServer | undefined {
  let own: ReturnType<OwnServer>
  try {
    own = ownServer(...tenant)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'is not valid'
    throw new ProblemError('bad-input', `smtpUrl ${why}.`, { field: 'smtpUrl' })
  }
  if (own === 'sealed') throw new ProblemError('conflict', SEALED_REPLY)
  return own
}

async function check(server: SmtpServer, withinMs: number): Promise<RelayCheck> {
  const { host, port } = server
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<RelayCheck>((resolve) => {
    const detail = `${host}:${port} did not greet and sign in within ${withinMs / 1000} s`
    timer = setTimeout(() => resolve({ host, port, level: 'fail', detail }), withinMs)
  })
  const found = checkRelay(server).then(({ state, detail }): RelayCheck => {
    return { host, port, level: state === 'skip' ? 'warn' : state, detail }
  })
  try {
    return await Promise.race([found, late])
  } finally {
    clearTimeout(timer)
  }
}
