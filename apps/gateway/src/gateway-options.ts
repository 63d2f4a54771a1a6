import type { OpenTransport } from '@emailauth/rpc/client/transport'
import type { RequestLimits } from '@emailauth/service/http/request-limits'
import type { Logger } from '@emailauth/service/logging/logger'
import type { TlsSource } from '@emailauth/service/network/tls'
import type { Registry } from 'prom-client'
import type { MailSignIn } from './auth/mail-sign-in.ts'
import type { LoadSheddingOptions } from './http/load-shedding.ts'
import type { SocketLimits } from './sockets/socket-limits.ts'

/** What the gateway is built with (app.ts). */
export interface GatewayOptions {
  readonly persistenceUrl: string
  readonly mailerUrl: string
  /** Services in this process. Default: they are called by HTTP at their URLs. */
  readonly local?: LocalServices | undefined
  /** What the two services know this gateway by. */
  readonly serviceToken: string
  /** Service tokens that count besides it, while it is replaced. Default: none. */
  readonly alsoAcceptedTokens?: readonly string[]
  /** Where the built admin app lies. */
  readonly adminFolder: string
  readonly logger: Logger
  /** Production: nobody may ask for the schema. */
  readonly production: boolean
  /** For services that are reached by HTTPS; closed with the gateway. */
  readonly tls?: TlsSource | undefined
  /** true: `/metrics` needs no token. */
  readonly metricsPublic?: boolean
  /** Opens `/metrics`, as the service token does, and nothing else. Default: none. */
  readonly metricsToken?: string | undefined
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  /** Who may sign in to the dashboard. */
  readonly adminEmails?: readonly string[]
  /** Who may sign in to look, and change nothing. */
  readonly readOnlyAdminEmails?: readonly string[]
  /** When they may do so by mail; default: always. */
  readonly mailSignIn?: MailSignIn
  /** Where browsers find the dashboard; absent: http://localhost, whatever the port. */
  readonly publicUrl?: string | undefined
  /** Pause before the work of a sign-in, in milliseconds from its reply. Default: random and short. */
  readonly signInDelayMs?: (() => number) | undefined
  /** Web origins whose pages may call the API with a key; "*": any. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined
  /** Where the built GraphiQL lies; it is never served in production. */
  readonly graphiqlFolder?: string | undefined
  /** When GraphQL requests are sent away. */
  readonly load?: LoadSheddingOptions
  readonly operationTimeoutMs?: number
  /** How long persistence may take to answer a call; default: 2 s. */
  readonly persistenceTimeoutMs?: number | undefined
  /** WebSockets and their subscriptions at a time. */
  readonly socketLimits?: SocketLimits | undefined
  /** How long a request may take to come in. */
  readonly requestLimits?: RequestLimits | undefined
  /** Connections at a time; a peer that is no trusted proxy may hold a quarter of them. */
  readonly maxConnections?: number
}

/** The two services in the gateway's own process. */
export interface LocalServices {
  /** How they are called. The gateway closes with itself what it opens. */
  readonly persistence: OpenTransport
  readonly mailer: OpenTransport
  /** Metrics of the services, which the gateway shows with its own. */
  readonly registries: readonly Registry[]
}
