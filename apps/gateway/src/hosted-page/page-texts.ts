/** What the hosted page says. `{tenant}`, `{email}` and `{time}` are filled in. */
export interface PageTexts {
  readonly title: string
  readonly sent: string
  readonly label: string
  readonly go: string
  readonly resend: string
  readonly resendIn: string
  readonly resent: string
  readonly back: string
  readonly wrong: string
  readonly limited: string
  readonly rejected: string
  readonly goneTitle: string
  readonly gone: string
  readonly unknownTitle: string
  readonly unknown: string
  readonly foreign: string
  readonly failedTitle: string
  readonly failed: string
  readonly testMode: string
}
