import { type MailSettings, smtpUrlAdditionalData } from '@emailauth/contracts/mail-settings'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { UnsealError, unseal } from '@emailauth/secrets/seal'
import { isPrivateHost } from '@emailauth/service/network/public-address'
import { LRUCache } from 'lru-cache'
import { parseSmtpUrl, type SmtpServer } from '../smtp/smtp-url.ts'

/** A tenant's own SMTP server. Undefined when it has none, `sealed` when its URL cannot be opened. */
export type OwnServer = (
  tenantId: string,
  mail: MailSettings | undefined,
) => SmtpServer | 'sealed' | undefined

export interface OwnServerRules {
  /** Opens the URLs that persistence sealed. */
  readonly ring: KeyRing
  /** Whether a tenant may use a server in private networks. */
  readonly allowPrivate: boolean
  /** Whether a server on the Internet may be used without TLS. */
  readonly allowPlaintext: boolean
  /** Our name in EHLO. */
  readonly clientName?: string
}

/**
 * The reply of messages whose tenant's URL cannot be opened. They wait, because the tenant wants no other
 * relay.
 */
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
    const context = { purpose: 'smtp-url', additionalData: smtpUrlAdditionalData(tenantId) } as const
    try {
      return unseal(ring, context, Buffer.from(sealed, 'base64'))
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  function read(url: string): SmtpServer {
    const server = parseSmtpUrl(url, { ours: false })
    // Persistence refuses such a setting. One saved while it was allowed still gets TLS.
    const mustUseTls = !allowPlaintext && server.security !== 'tls' && !isPrivateHost(server.host)
    return {
      ...server,
      ...(clientName === undefined ? {} : { clientName }),
      ...(mustUseTls ? { security: 'required' as const } : {}),
      ofTenant: true,
      ...(allowPrivate ? {} : { publicOnly: true as const }),
    }
  }
}
