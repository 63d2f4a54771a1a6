/** What the field says. `{time}` is how long to wait. */
export interface NumberFieldTexts {
  readonly label: string
  readonly resend: string
  readonly resendIn: string
  readonly resendReady: string
  readonly resent: string
  readonly notDigits: string
  readonly wrong: string
  readonly limited: string
  readonly gone: string
  readonly rejected: string
  readonly failed: string
}
