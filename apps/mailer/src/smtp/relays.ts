import { LRUCache } from 'lru-cache'
import type { HandOver, OutgoingMail, RelayAnswer, Smtp } from './hand-over.ts'
import { createRelay, type OnBack, type Relay, type RelayLimits } from './relay.ts'
import type { SmtpServer } from './smtp-url.ts'

/** Told after every try of a server. */
export type OnTried = (server: SmtpServer, answer: RelayAnswer) => void

/** Tenants' own servers that are kept open at a time, and how long one is kept that nobody uses. */
const OWN_RELAYS = 200
const OWN_RELAY_IDLE_MS = 300_000

/** SMTP servers in the order given: the next one is tried when one defers. A tenant's own server stands alone. */
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
    updateAgeOnGet: true,
    dispose: (relay) => relay.close(),
  })

  function relaysOf({ own: server }: OutgoingMail): readonly Relay[] {
    if (server === undefined) return shared
    const key = JSON.stringify(server)
    const known = own.get(key) ?? createRelay(server, { ...limits, maxSessions: 3 }, onBack)
    own.set(key, known, { noDisposeOnSet: true })
    return [known]
  }

  return {
    async handOver(mail): Promise<HandOver> {
      let unfit: HandOver | undefined
      let deferred: HandOver | undefined
      for (const relay of relaysOf(mail)) {
        if (mail.cutOff.isCut) break
        const answer = await relay.handOver(mail)
        onTried(relay.server, answer)
        const { outcome, reply } = answer
        if (outcome === 'sent' || outcome === 'rejected') return { outcome, reply }
        if (outcome === 'unfit') unfit = { outcome: 'rejected', reply }
        else deferred = { outcome, reply }
      }
      return deferred ?? unfit ?? { outcome: 'deferred', reply: 'The SMTP server did not finish in time.' }
    },
    close() {
      for (const relay of shared) relay.close()
      own.clear()
    },
  }
}
