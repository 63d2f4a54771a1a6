import { problem } from '@emailauth/contracts/problems'
import { relayCheckReply, relayCheckRequest } from '@emailauth/contracts/relay-checks'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { SmtpServer } from '../smtp/smtp-url.ts'
import { mailOf } from '../tenants/mail-of.ts'
import { type OwnServer, SEALED_REPLY } from '../tenants/own-server.ts'
import { createRelayTries, type TryRelay } from './relay-tries.ts'

interface RelayCheckOptions {
  /** The relays of tenants without one of their own. */
  readonly servers: readonly SmtpServer[]
  readonly ownServer: OwnServer
}

const route = routeWith<RelayCheckOptions & { readonly tryRelay: TryRelay }>()

/** Says whether a tenant's mails would find their relay, before one is sent. */
export function addRelayCheckRoutes(app: ServiceApp, ports: RelayCheckOptions): void {
  addRoutes(app, { ...ports, tryRelay: createRelayTries() }, [checkRelays])
}

const checkRelays = route({
  method: 'POST',
  url: '/v1/relay-checks',
  schema: {
    summary: 'Connects to the relays of a tenant’s mails, signs in, and sends nothing',
    body: relayCheckRequest,
    response: { 200: relayCheckReply, 400: problem, 409: problem, 503: problem },
  },
  handler: async ({ ownServer, servers, tryRelay }, { body }) => {
    const own = ownServerOf(ownServer, body.tenantId, mailOf(body))
    const relays = own === undefined ? servers : [own]
    return { relays: await Promise.all(relays.map(tryRelay)) }
  },
})

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
