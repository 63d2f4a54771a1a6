/**
 * What a mail says in one language. `{code}`, `{tenant}` and `{valid}` are put in when it is compiled. Each language calls the number
 * what mail programs and phones look for to offer it for filling in: verification code, código, Code.
 *
 * In languages that are written from right to left, marks keep a code's groups in order and a tenant's name together.
 */
export interface MailTexts {
  /** Begins with the code, so that a phone shows it without opening the mail. The first line of the text form is the same. */
  readonly subject: string
  /** For tenants that keep the code out of lock screens and mail logs. */
  readonly subjectWithoutCode: string
  readonly heading: string
  readonly intro: string
  /** On the button that opens the tenant's page; nothing is verified by opening it. */
  readonly openPage: string
  readonly keepItSecret: string
  readonly footer: string
}
