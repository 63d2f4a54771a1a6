import type { GatewayContext } from '../graphql/context.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'

/** What the resolvers of the system page work with. */
export interface SystemPorts {
  readonly persistence: Pick<Persistence, 'ready' | 'status' | 'findings' | 'redisServers' | 'keyRing'>
  readonly mailer: Pick<Mailer, 'ready' | 'status'>
  readonly production: boolean
}

export type SystemContext = GatewayContext<SystemPorts>
