import { groupDigits } from '@emailauth/contracts/group-digits'
import { languageOf } from '@emailauth/contracts/languages'
import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { LRUCache } from 'lru-cache'
import { lookOf } from '../templates/look.ts'
import { textsFor } from '../templates/tenant-texts.ts'
import { validityIn, validityOf } from '../templates/validity.ts'
import { type CompiledMail, compileMail } from './compile.ts'
import { displayName } from './display-name.ts'
import { type DkimKey, keysFor } from './dkim.ts'
import type { ExtraHeaders } from './extra-headers.ts'
import { domainOf } from './mailbox.ts'
import type { SenderOf } from './sender.ts'

/** The content of a mail. */
export interface MailContent {
  readonly email: string
  readonly number: string
  readonly tenantName: string
  readonly locale: string | null
  readonly mail?: MailSettings | undefined
  /** How long the number is still valid. */
  readonly remainingMs: number
  readonly messageId: string
  readonly date: Date
  /** Host of the tenant's own relay, because some providers need special headers. */
  readonly ownHost?: string | undefined
}

/** Headers for providers, by the relay that a mail uses: the tenant's own or ours. */
export type HeadersOf = (ownHost: string | undefined, mail: MailSettings | undefined) => ExtraHeaders

/** Bound of compiled mails kept, one for each tenant, language and validity. Each has about 8 kB. */
const KEPT_MAILS = 500

/**
 * Renders mails. A mail is compiled at the first use of a tenant, language and validity, and kept while used.
 */
export function createMailRenderer(
  senderOf: SenderOf,
  dkimKeys: readonly DkimKey[],
  headersOf: HeadersOf = () => ({}),
) {
  const compiled = new LRUCache<string, Promise<CompiledMail>>({ max: KEPT_MAILS })

  function compile(content: MailContent, number: string): Promise<CompiledMail> {
    const language = languageOf(content.locale)
    const from = senderOf(content.mail)
    const domain = domainOf(from.address).toLowerCase()
    return compileMail({
      from: { name: displayName(from.name), address: from.address },
      replyTo: content.mail?.replyTo,
      headers: headersOf(content.ownHost, content.mail),
      language,
      tenant: displayName(content.tenantName),
      valid: validityIn(language, validityOf(content.remainingMs)),
      look: lookOf(content.mail),
      ...textsFor(content.mail, language),
      numberLength: number.length,
      digitsLength: content.number.length,
      dkimKeys: keysFor(domain, dkimKeys),
    })
  }

  return function renderMail(content: MailContent): Promise<string> {
    const number = groupDigits(content.number)
    const { amount, unit } = validityOf(content.remainingMs)
    const settings = content.mail === undefined ? '' : JSON.stringify(content.mail)
    const language = languageOf(content.locale)
    const key = `${language} ${number.length} ${amount} ${unit} ${settings} ${content.ownHost ?? ''} ${content.tenantName}`
    let mail = compiled.get(key)
    if (mail === undefined) {
      mail = compile(content, number)
      compiled.set(key, mail)
      // A failure is passed to those who wait for it, and not kept.
      mail.catch(() => compiled.delete(key))
    }
    const { email, messageId, date } = content
    return mail.then(({ render }) => render({ email, number, messageId, date }))
  }
}

export type RenderMail = ReturnType<typeof createMailRenderer>
