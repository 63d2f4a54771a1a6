import { SMTP_URL_WARNINGS, smtpUrlWarnings as warningsOf } from '@emailauth/contracts/smtp-url-warnings'

/** What is unusual in the URLs of relays, in sentences without a secret. */
export function smtpUrlWarnings(urls: string): readonly string[] {
  return urls.split(',').flatMap((url) => warningsOf(url.trim()).map((warning) => SMTP_URL_WARNINGS[warning]))
}
