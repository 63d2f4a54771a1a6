/**
 * The texts of a mail in one language. `{code}`, `{tenant}` and `{valid}` are filled in when it is compiled.
 * Each language uses the words by which mail programs and phones find a code: verification code, código,
 * Code.
 * In right-to-left languages marks keep a code's groups in order and a tenant's name together.
 */
export interface MailTexts {
  /**
   * Begins with the code, so that phones show it without opening the mail. Also the first line of the text
   * part.
   */
  readonly subject: string
  /** For tenants that keep the code out of lock screens and mail logs. */
  readonly subjectWithoutCode: string
  readonly heading: string
  readonly intro: string
  /** On the button that opens the tenant's page. Opening it verifies nothing. */
  readonly openPage: string
  readonly keepItSecret: string
  readonly footer: string
}
