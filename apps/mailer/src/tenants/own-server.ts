import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { isPrivateHost } from '@emailauth/service/public-address'
import { LRUCache } from 'lru-cache'
import { parseSmtpUrl, type SmtpServer } from '../smtp/smtp-url.ts'

/** The SMTP server of a tenant's own, if it has one. */
export type OwnServer = (mail: MailSettings | undefined) => SmtpServer | undefined

export interface OwnServerRules {
  /** Whether a tenant may name a server in our own networks. */
  readonly allowPrivate: boolean
  /** Whether one on the Internet may be spoken to without TLS. */
  readonly allowPlaintext: boolean
}

export function createOwnServer({ allowPrivate, allowPlaintext }: OwnServerRules): OwnServer {
  const known = new LRUCache<string, SmtpServer>({ max: 200 })
  return (mail) => {
    if (mail?.smtpUrl === undefined) return undefined
    const server = known.get(mail.smtpUrl) ?? read(mail.smtpUrl)
    known.set(mail.smtpUrl, server)
    return server
  }

  function read(url: string): SmtpServer {
    const server = parseSmtpUrl(url)
    // Persistence refuses such a setting; one that was taken while it was allowed gets TLS all the same.
    const mustUseTls = !allowPlaintext && server.security !== 'tls' && !isPrivateHost(server.host)
    return {
      ...server,
      ...(mustUseTls ? { security: 'required' as const } : {}),
      ...(allowPrivate ? {} : { publicOnly: true as const }),
    }
  }
}
