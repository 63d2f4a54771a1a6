import { type MailSettings, smtpUrlPlace } from '@emailauth/contracts/mail-settings'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { UnsealError, unseal } from '@emailauth/secrets/seal'
import { isPrivateHost } from '@emailauth/service/public-address'
import { LRUCache } from 'lru-cache'
import { parseSmtpUrl, type SmtpServer } from '../smtp/smtp-url.ts'

/** The SMTP server of a tenant's own: undefined when it has none, `sealed` when its URL cannot be opened. */
export type OwnServer = (
  tenantId: string,
  mail: MailSettings | undefined,
) => SmtpServer | 'sealed' | undefined

export interface OwnServerRules {
  /** Opens the URLs that persistence has sealed. */
  readonly ring: KeyRing
  /** Whether a tenant may name a server in our own networks. */
  readonly allowPrivate: boolean
  /** Whether one on the Internet may be spoken to without TLS. */
  readonly allowPlaintext: boolean
  /** How we call ourselves in EHLO. */
  readonly clientName?: string
}

/** What is answered for a message whose tenant's URL cannot be opened. It waits: another relay is not the tenant's wish. */
export const SEALED_REPLY =
  "The tenant's SMTP URL cannot be opened: it was sealed with a key that is not in EMAILAUTH_MAILER_KEYS."

export function createOwnServer({
  ring,
  allowPrivate,
  allowPlaintext,
  clientName,
}: OwnServerRules): OwnServer {
  const known = new LRUCache<string, SmtpServer>({ max: 200 })
  return (tenantId, mail) => {
    const { sealedSmtpUrl, smtpUrl } = mail ?? {}
    const written = sealedSmtpUrl ?? smtpUrl
    if (written === undefined) return undefined
    const name = `${tenantId} ${written}`
    const found = known.get(name)
    if (found !== undefined) return found
    const url = sealedSmtpUrl === undefined ? written : open(tenantId, sealedSmtpUrl)
    if (url === undefined) return 'sealed'
    const server = read(url)
    known.set(name, server)
    return server
  }

  function open(tenantId: string, sealed: string): string | undefined {
    const context = { purpose: 'smtp-url', place: smtpUrlPlace(tenantId) } as const
    try {
      return unseal(ring, context, Buffer.from(sealed, 'base64'))
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  function read(url: string): SmtpServer {
    const server = parseSmtpUrl(url, { ours: false })
    // Persistence refuses such a setting; one that was taken while it was allowed gets TLS all the same.
    const mustUseTls = !allowPlaintext && server.security !== 'tls' && !isPrivateHost(server.host)
    return {
      ...server,
      ...(clientName === undefined ? {} : { clientName }),
      ...(mustUseTls ? { security: 'required' as const } : {}),
      ...(allowPrivate ? {} : { publicOnly: true as const }),
    }
  }
}
