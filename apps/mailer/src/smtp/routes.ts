import { LRUCache } from 'lru-cache'
import type { HandOver, OutgoingMail, RouteAnswer, Smtp } from './hand-over.ts'
import { createRoute, type OnBack, type Route, type RouteLimits } from './route.ts'
import type { SmtpServer } from './smtp-url.ts'

/** Told after every try of a server. */
export type OnTried = (server: SmtpServer, answer: RouteAnswer) => void

/** Tenants' own servers that are kept open at a time, and how long one is kept that nobody uses. */
const OWN_ROUTES = 200
const OWN_ROUTE_IDLE_MS = 300_000

/** SMTP servers in the order given: the next one is tried when one defers. A tenant's own server stands alone. */
export function createSmtp(
  servers: readonly SmtpServer[],
  limits: RouteLimits,
  onTried: OnTried,
  onBack?: OnBack,
): Smtp {
  const shared = servers.map((server) => createRoute(server, limits, onBack))
  const own = new LRUCache<string, Route>({
    max: OWN_ROUTES,
    ttl: OWN_ROUTE_IDLE_MS,
    updateAgeOnGet: true,
    dispose: (route) => route.close(),
  })

  function routesOf({ own: server }: OutgoingMail): readonly Route[] {
    if (server === undefined) return shared
    const key = JSON.stringify(server)
    const known = own.get(key) ?? createRoute(server, { ...limits, maxSessions: 3 }, onBack)
    own.set(key, known, { noDisposeOnSet: true })
    return [known]
  }

  return {
    async handOver(mail): Promise<HandOver> {
      let unfit: HandOver | undefined
      let deferred: HandOver | undefined
      for (const route of routesOf(mail)) {
        if (mail.cutOff.isCut) break
        const answer = await route.handOver(mail)
        onTried(route.server, answer)
        const { outcome, reply } = answer
        if (outcome === 'sent' || outcome === 'rejected') return { outcome, reply }
        if (outcome === 'unfit') unfit = { outcome: 'rejected', reply }
        else deferred = { outcome, reply }
      }
      return deferred ?? unfit ?? { outcome: 'deferred', reply: 'The SMTP server did not finish in time.' }
    },
    close() {
      for (const route of shared) route.close()
      own.clear()
    },
  }
}
