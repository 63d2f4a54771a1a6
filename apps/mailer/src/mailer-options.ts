import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { ListenerOptions } from '@emailauth/service/http/listener'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import type { Logger } from '@emailauth/service/logging/logger'
import type { BounceEndpoint } from './bounces/bounce-listen.ts'
import type { ProviderSecrets } from './bounces/providers/mail-hooks.ts'
import type { DkimKey } from './mime/dkim.ts'
import type { ExtraHeaders } from './mime/extra-headers.ts'
import type { Mailbox } from './mime/mailbox.ts'
import type { RedisNow } from './redis-now.ts'
import type { RelayLimits } from './relays/relay-limits.ts'
import type { SmtpServer } from './smtp/smtp-url.ts'
import type { WebhookOptions } from './webhooks/start-webhooks.ts'

export interface MailerOptions {
  readonly redis: RedisConnection
  /** URL of the same Redis. The retry queue opens connections of its own. */
  readonly redisUrl: string
  /** Keys of the mailer alone, derived from the master key ring (secrets/mailer-ring.ts). */
  readonly keyRing: KeyRing
  readonly serviceToken: string
  readonly listener?: ListenerOptions
  readonly smtpServers: readonly SmtpServer[]
  readonly from: Mailbox
  /** Our name in EHLO. Default: this host's name, or the sender's domain. */
  readonly clientName?: string | undefined
  /** Extra headers for every mail, for mail providers. */
  readonly extraHeaders?: ExtraHeaders
  readonly dkimKeys?: readonly DkimKey[]
  /** Whether tenants may name SMTP servers without a public address. */
  readonly allowPrivateSmtp?: boolean
  /** Whether SMTP servers on the Internet may be used without TLS. */
  readonly allowPlaintextSmtp?: boolean
  /** Address for reports of failed deliveries. Each mail adds its token to it. Absent: the sender. */
  readonly bounceAddress?: string | undefined
  /** Listeners that take reports to that address by SMTP or LMTP. Default: none. */
  readonly bounceEndpoints?: readonly BounceEndpoint[]
  /** Signs bounce calls. Without it the mailer takes none. */
  readonly bounceSecret?: string | undefined
  /** Where webhooks may go. Absent: by https to public addresses. */
  readonly webhooks?: WebhookOptions
  /** Secrets that prove the reports of mail providers. */
  readonly providers?: Omit<ProviderSecrets, 'bounceSecret'>
  readonly logger?: Logger
  readonly relayLimits?: RelayLimits
  /** Bound of open sends. Further sends are refused. Default: {@link MAX_OPEN}. */
  readonly maxOpen?: number
  /**
   * On closing, attempts may run this long. Then they are cut and wait in the queue for the next mailer.
   * Default: {@link DRAIN_MS}.
   */
  readonly drainMs?: number
  /** Lists and long look-ups wait in this lane. Default: a lane of its own. */
  readonly lane?: ReadLane
  /** Unix milliseconds. */
  readonly now?: () => number
  /** Learns the time of Redis from replies, for `now` (redis-now.ts). */
  readonly learnNow?: RedisNow['learn']
}

/** Sends under way in one mailer. */
export const MAX_OPEN = 2000
/**
 * With the 2 s in which outcomes are recorded, and another 2 s of the gateway in `serve`, it is shorter than
 * the time that a service has to end.
 */
export const DRAIN_MS = 5000
