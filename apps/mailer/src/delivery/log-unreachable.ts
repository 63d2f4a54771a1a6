import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import type { OnTried } from '../relays/relays.ts'
import { relayName, type SmtpServer } from '../smtp/smtp-url.ts'
import { withoutSecrets } from '../smtp/without-secrets.ts'

const LOG_LINES = {
  trouble:
    'a relay does not work: mails go to the next one, or wait while their numbers live; "emailauth doctor --mail" on this host tests it',
  over: 'a relay works again',
}

/** Logs which relays of the installation do not answer, and why. Tenants see to their own. */
export function createLogUnreachable(
  logger: Logger | undefined,
  shared: readonly SmtpServer[],
): {
  readonly tried: OnTried
  /** A probe has reached the relay. */
  reached(server: SmtpServer): void
} {
  const logs = new Map(
    shared.map((server) => [
      server,
      createTroubleLog(logger?.child({ relay: relayName(server) }), LOG_LINES),
    ]),
  )
  return {
    tried(server, { isUnasked, serverFault, reply }, { to }) {
      if (isUnasked) return
      if (!serverFault) return logs.get(server)?.well()
      logs.get(server)?.fault({ reply: withoutSecrets(reply, { email: to.replaceAll('"', '') }) })
    },
    reached: (server) => logs.get(server)?.well(),
  }
}
