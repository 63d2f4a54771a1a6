import { z } from 'zod'
import { EMAIL_MAX_LENGTH, line } from './common.ts'
import { mailHeaders } from './mail-headers.ts'
import { hasHost, URL_HOST_RULE } from './url-host.ts'

/** Stands for the number in a link template. */
export const NUMBER_PLACEHOLDER = '{number}'

/** An address that a header can contain unchanged: one mailbox, in ASCII, its domain in punycode. */
const senderAddress = z
  .string()
  .max(EMAIL_MAX_LENGTH)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?=.{1,255}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/,
    'must be one address such as no-reply@example.com',
  )
  .refine((address) => address.indexOf('@') <= 64, 'the part before "@" has at most 64 characters')

const httpsUrl = z
  .string()
  .max(1000)
  .regex(/^[\x21-\x7e]+$/, 'must be a URL in ASCII without spaces')
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    return url?.protocol === 'https:' && url.username === '' && url.password === ''
  }, 'must be an https:// URL without credentials')

/** `{number}` once, after `?` or `#`. Not in host or path, which proxies log. */
const linkTemplate = httpsUrl.refine((text) => {
  const at = text.indexOf(NUMBER_PLACEHOLDER)
  const begin = text.search(/[?#]/)
  return at !== -1 && at === text.lastIndexOf(NUMBER_PLACEHOLDER) && begin !== -1 && begin < at
}, `must hold ${NUMBER_PLACEHOLDER} once, after "?" or "#"`)

const smtpUrl = z
  .string()
  .max(1000)
  .regex(/^[\x21-\x7e]+$/, 'must be a URL in ASCII without spaces')
  .refine(
    isSmtpUrl,
    'must be one smtp:// or smtps:// URL with a host; ?starttls= may be required, offered or none',
  )

function isSmtpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || text.includes(','))
    return false
  // An unescaped character of a password has cut the URL short.
  if (text.includes('#') || !['', '/'].includes(url.pathname) || url.port === '0') return false
  return (
    /^(\?starttls=(required|offered|none))?$/.test(url.search) &&
    isDecodable(url.username) &&
    isDecodable(url.password)
  )
}

/** Whether its percent encoding is valid UTF-8. */
function isDecodable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded)
    return true
  } catch {
    return false
  }
}

/** A text of a mail in the tenant's own words. Only these placeholders may be in braces. */
const ownText = (max: number, ...placeholders: readonly string[]) =>
  line(max)
    .refine((text) => !text.includes('=?'), 'must not hold "=?"')
    .refine(
      (text) => [...text.matchAll(/\{[^{}]*\}?|\}/g)].every(([found]) => placeholders.includes(found)),
      `may hold ${placeholders.join(', ')} and no other braces`,
    )

const mailText = z
  .object({
    language: z
      .string()
      .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/, 'must be a language such as es, pt-BR or zh-Hant')
      .describe('One of the languages that mails are written in'),
    subject: ownText(150, '{code}', '{tenant}')
      .describe('Begins with `{code}` and holds it once; with `codeInSubject: false` it must not hold it')
      .optional(),
    heading: ownText(150, '{tenant}').optional(),
    intro: ownText(400, '{tenant}', '{valid}')
      .describe('What to do with the code; `{valid}` is such as "10 minutes"')
      .optional(),
    footer: ownText(400, '{tenant}').describe('Below the rest, in small letters').optional(),
  })
  .meta({ id: 'MailText' })

/** Bounds on the texts, because every call to the mailer contains them. */
const MOST_TEXTS = 40
const MOST_TEXT_CHARACTERS = 12_000

const mailTexts = z
  .array(mailText)
  .max(MOST_TEXTS)
  .refine(
    (texts) => new Set(texts.map(({ language }) => language.toLowerCase())).size === texts.length,
    'must hold each language once',
  )
  .refine(
    (texts) => JSON.stringify(texts).length <= MOST_TEXT_CHARACTERS,
    `must have at most ${MOST_TEXT_CHARACTERS} characters in all`,
  )

/** Accent of mails and of the hosted page, for tenants without one of their own. */
export const DEFAULT_COLOUR = '#2b6cb0'

const fields = {
  senderName: line(80).describe('Shown as the sender; else the name of the service'),
  senderAddress: senderAddress.describe('From address; the SMTP server must accept it'),
  replyTo: senderAddress.describe('Where answers go'),
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #1a73e8')
    .describe('Accent of the mail; the colour of text upon it is chosen for contrast'),
  logoUrl: httpsUrl.describe('Picture above the heading, shown 40 pixels high'),
  linkTemplate: linkTemplate.describe(
    'A page of the external server; `{number}` in the query or, better, the fragment. The page must ask before it verifies',
  ),
  texts: mailTexts.describe('In the tenant’s own words, for each language; what is absent is said in ours'),
  codeInSubject: z
    .boolean()
    .describe(
      'False keeps the code out of subject and preview, which lock screens and mail logs show; else it is there',
    ),
  headers: mailHeaders.describe(
    'For a provider, such as `X-SES-CONFIGURATION-SET` or `X-PM-Message-Stream`; they outweigh those of all mails',
  ),
  smtpUrl: smtpUrl.describe('An SMTP server of the tenant’s own; a secret'),
}

/** The look of a tenant's mails and the SMTP server for them. All fields are optional. */
export const mailSettings = z
  .object({
    ...fields,
    sealedSmtpUrl: z
      .string()
      .max(4000)
      .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64')
      .describe('`smtpUrl`, sealed so that only the mailer can open it; it wins over `smtpUrl`'),
  })
  .partial()
  .meta({ id: 'MailSettings' })
export type MailSettings = z.infer<typeof mailSettings>

/**
 * A change of mail settings. Absent fields stay the same, null removes a setting. Earlier versions have
 * stored URLs without a host that can exist, so only a change is held against that.
 */
export const mailSettingsPatch = z
  .object({
    senderName: fields.senderName.nullable(),
    senderAddress: fields.senderAddress.nullable(),
    replyTo: fields.replyTo.nullable(),
    colour: fields.colour.nullable(),
    logoUrl: fields.logoUrl.refine(hasHost, URL_HOST_RULE).nullable(),
    linkTemplate: fields.linkTemplate.refine(hasHost, URL_HOST_RULE).nullable(),
    texts: fields.texts.nullable(),
    codeInSubject: fields.codeInSubject.nullable(),
    headers: fields.headers.nullable(),
    smtpUrl: fields.smtpUrl.refine(hasHost, URL_HOST_RULE).nullable(),
  })
  .partial()
  .meta({ id: 'MailSettingsPatch' })
export type MailSettingsPatch = z.infer<typeof mailSettingsPatch>

/** The mail settings without secrets. */
export const shownMailSettings = z
  .object(fields)
  .omit({ smtpUrl: true })
  .extend({
    smtpServer: z
      .string()
      .describe(
        'The SMTP server of `smtpUrl` without user and password: some providers make a secret of both',
      ),
  })
  .partial()
  .meta({ id: 'ShownMailSettings' })

/** The additional data of a sealed SMTP URL, so that it opens only for this tenant. */
export function smtpUrlAdditionalData(tenantId: string): string {
  return `tenant ${tenantId} smtp url`
}

/** An SMTP URL without credentials: `smtps://mail.example.com:465`. */
export function shownSmtpServer(smtpUrl: string): string {
  const url = new URL(smtpUrl)
  return `${url.protocol}//${url.host}${url.search}`
}
