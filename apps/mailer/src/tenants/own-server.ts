import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { LRUCache } from 'lru-cache'
import { parseSmtpUrl, type SmtpServer } from '../smtp/smtp-url.ts'

/** The SMTP server of a tenant's own, if it has one. */
export type OwnServer = (mail: MailSettings | undefined) => SmtpServer | undefined

/** @param allowPrivate whether a tenant may name a server in our own networks */
export function createOwnServer(allowPrivate: boolean): OwnServer {
  const known = new LRUCache<string, SmtpServer>({ max: 200 })
  return (mail) => {
    if (mail?.smtpUrl === undefined) return undefined
    const server = known.get(mail.smtpUrl) ?? read(mail.smtpUrl)
    known.set(mail.smtpUrl, server)
    return server
  }

  function read(url: string): SmtpServer {
    const server = parseSmtpUrl(url)
    return allowPrivate ? server : { ...server, publicOnly: true }
  }
}
