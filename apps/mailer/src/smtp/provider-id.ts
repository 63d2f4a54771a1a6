/** How servers name a mail that they have taken. The first form that fits counts. */
const FORMS: readonly { readonly form: RegExp; readonly source: string }[] = [
  {
    form: /\bqueued as:? <?([^\s<>,;]+)/i,
    source: 'Postfix and what is built on it: SendGrid, Postmark, Mailjet, Brevo, Mandrill, OhMySMTP',
  },
  { form: /\[InternalId=(\d+)/i, source: 'Microsoft Exchange and 365; before it stands our own Message-ID' },
  { form: /\bOK:? id=([^\s,;]+)/i, source: 'Exim' },
  { form: /^250[ -](?:2\.\d\.\d )?OK:? +\d{10} +(\S+) - gsmtp/im, source: 'Google' },
  { form: /^250[ -]ok \d{9,11} qp (\d+)/im, source: 'qmail' },
  { form: /\bmessage queued \(([^\s()]+)\)/i, source: 'Haraka' },
  { form: /^250[ -](?:2\.\d\.\d )?(\S+) message accepted for delivery/im, source: 'OpenSMTPD, sendmail' },
  {
    // Last, since it has no word that says what it is: at least one digit separates it from a pleasantry.
    form: /^250[ -](?:2\.\d\.\d )?OK:? +<?((?=[^\s<>]*\d)[\w./+=-]{10,100})>?\s*$/im,
    source: 'Amazon SES, SparkPost',
  },
]

const MAX_LENGTH = 200

/**
 * The id that a provider or mail server gave a mail, out of its reply to it: the one that its log, its
 * support and its webhooks know.
 * @param reply a 250, without address and number (without-secrets.ts).
 * @returns null where the reply names none.
 */
export function providerIdOf(reply: string): string | null {
  for (const { form } of FORMS) {
    const id = form.exec(reply)?.[1]?.replace(/[.,]+$/, '') ?? ''
    if (/^[\x21-\x7e]+$/.test(id) && id.length <= MAX_LENGTH) return id
  }
  return null
}
