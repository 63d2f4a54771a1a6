import { LRUCache } from 'lru-cache'
import type { HandOver, OutgoingMail, RelayAnswer, Smtp } from '../smtp/hand-over.ts'
import { relayName, type SmtpServer } from '../smtp/smtp-url.ts'
import { withoutSignIn } from '../smtp/without-secrets.ts'
import { createRelay, type OnBack, type Relay } from './relay.ts'
import type { RelayLimits } from './relay-limits.ts'

/** Called after every try of a server. */
export type OnTried = (server: SmtpServer, answer: RelayAnswer, mail: OutgoingMail) => void

/** Bound of tenants' own servers kept open, and how long an unused one is kept. */
export const OWN_RELAYS = 200
const OWN_RELAY_IDLE_MS = 300_000
/** Connections to one tenant's own server, in place of those to ours. */
export const OWN_RELAY_LIMITS = { maxSessions: 3, maxSlow: 6 }

/**
 * Tries the SMTP servers in order: the next one when one defers. A tenant's own server has no successor.
 * @param onBack never of a tenant's own server: mails of all tenants are tried again then, and a server that
 * refuses some mails and takes the next one could cause that all the time.
 */
export function createSmtp(
  servers: readonly SmtpServer[],
  limits: RelayLimits,
  onTried: OnTried,
  onBack?: OnBack,
): Smtp {
  const shared = servers.map((server) => createRelay(server, limits, onBack))
  const own = new LRUCache<string, Relay>({
    max: OWN_RELAYS,
    ttl: OWN_RELAY_IDLE_MS,
    // Reads the clock each time. By default it is read once in a millisecond, and a test moves it faster.
    ttlResolution: 0,
    updateAgeOnGet: true,
    dispose: (relay) => relay.close(),
  })

  function relaysOf({ own: server }: OutgoingMail): readonly Relay[] {
    if (server === undefined) return shared
    const key = JSON.stringify(server)
    const known = own.get(key) ?? createRelay(server, { ...limits, ...OWN_RELAY_LIMITS })
    own.set(key, known, { noDisposeOnSet: true })
    return [known]
  }

  async function ask(relay: Relay, mail: OutgoingMail, isLast: boolean): Promise<RelayAnswer> {
    // The last relay may use the whole life of the number, because no other one could send it sooner.
    const given = await relay.handOver(mail, isLast ? undefined : limits.failoverMs)
    // Tenants and admins read replies, and may know the credentials of no relay.
    const answer = { ...given, reply: withoutSignIn(given.reply, relay.server.auth) }
    onTried(relay.server, answer, mail)
    return answer
  }

  return {
    async handOver(mail): Promise<HandOver> {
      let unfit: HandOver | undefined
      let deferred: HandOver | undefined
      const relays = relaysOf(mail)
      for (const relay of relays) {
        if (mail.cutOff.isCut) break
        const answer = await ask(relay, mail, relay === relays.at(-1))
        const from = relayName(relay.server)
        const end = endOf(answer, from)
        if (end !== undefined) return end
        if (answer.outcome === 'unfit') unfit = { outcome: 'rejected', reply: answer.reply, relay: from }
        // A relay's own answer counts more than that another relay was not tried.
        else if (deferred === undefined || answer.refusal !== undefined)
          deferred = { outcome: 'deferred', reply: answer.reply, relay: from }
      }
      return deferred ?? unfit ?? { outcome: 'deferred', reply: 'The SMTP server did not finish in time.' }
    },
    status: () => shared.map((relay) => relay.status()),
    close() {
      for (const relay of shared) relay.close()
      own.clear()
    },
  }
}

/** What an answer means if no other relay may be asked. undefined: the next one may take the mail. */
function endOf({ outcome, reply, maybeSent, unanswered }: RelayAnswer, relay: string): HandOver | undefined {
  if (outcome === 'sent' || outcome === 'rejected') return { outcome, reply, relay }
  // This relay may have the mail, and the next one would send a second copy.
  if (maybeSent) return { outcome: 'deferred', reply, relay, ...(unanswered ? { unanswered } : {}) }
  return undefined
}
