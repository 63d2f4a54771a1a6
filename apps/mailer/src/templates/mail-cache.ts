import { LRUCache } from 'lru-cache'
import type { Mailbox } from '../smtp/mailbox.ts'
import { type CompiledMail, compileMail } from './compile.ts'
import { displayName } from './display-name.ts'
import { groupDigits } from './group-digits.ts'
import { languageOf } from './texts.ts'
import { validityIn, validityOf } from './validity.ts'

/** What a mail says. */
export interface MailContent {
  readonly email: string
  readonly number: string
  readonly tenantName: string
  readonly locale: string | null
  /** How long the number is still valid. */
  readonly remainingMs: number
  readonly messageId: string
  readonly date: Date
}

/** Compiled mails are about 6 kB each; so many tenants, languages and validities are kept at a time. */
const KEPT_MAILS = 500

/** Renders mails; one is compiled when a tenant, a language or a validity is first seen, and kept while it is in use. */
export function createMailRenderer(from: Mailbox) {
  const compiled = new LRUCache<string, Promise<CompiledMail>>({ max: KEPT_MAILS })

  return async function renderMail(content: MailContent): Promise<Buffer> {
    const language = languageOf(content.locale)
    const number = groupDigits(content.number)
    const validity = validityOf(content.remainingMs)
    const key = [language, number.length, validity.amount, validity.unit, content.tenantName].join(' ')
    let mail = compiled.get(key)
    if (mail === undefined) {
      const tenant = displayName(content.tenantName)
      const valid = validityIn(language, validity)
      mail = compileMail({ from, language, tenant, valid, numberLength: number.length })
      compiled.set(key, mail)
      // A failure is told to whoever waits for it, and not kept.
      mail.catch(() => compiled.delete(key))
    }
    return (await mail).render({
      email: content.email,
      number,
      messageId: content.messageId,
      date: content.date,
    })
  }
}

export type RenderMail = ReturnType<typeof createMailRenderer>
