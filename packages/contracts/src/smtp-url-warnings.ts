import { isLoopback } from './loopback.ts'

/**
 * What is unusual in the URL of a relay that is accepted: an option that is not used, or a port at which most
 * servers speak the other scheme. One's own relay or tunnel may speak it, so this is no fault.
 */
export type SmtpUrlWarning = 'unusedStarttls' | 'smtpsAt25' | 'smtpsAt587' | 'smtpAt465'

/** In English, for logs and terminals. */
export const SMTP_URL_WARNINGS: Readonly<Record<SmtpUrlWarning, string>> = {
  unusedStarttls:
    'starttls is an option of smtp:// and is not used: smtps:// speaks TLS from the first byte.',
  smtpsAt25: starttlsAt(25),
  smtpsAt587: starttlsAt(587),
  smtpAt465:
    'Most servers speak TLS from the first byte at port 465, and no smtp://. If mails do not leave, use smtps://host:465 or smtp://host:587.',
}

function starttlsAt(port: number): string {
  return `Most servers speak STARTTLS at port ${port}, and no smtps://. If mails do not leave, use smtp://host:${port} or smtps://host:465.`
}

/** Of one URL. None of a text that is no URL. */
export function smtpUrlWarnings(text: string): readonly SmtpUrlWarning[] {
  if (!URL.canParse(text)) return []
  const { protocol, port, hostname, searchParams } = new URL(text)
  const isTls = protocol === 'smtps:'
  const warnings: SmtpUrlWarning[] = []
  if (isTls && searchParams.has('starttls')) warnings.push('unusedStarttls')
  if (isLoopback(hostname)) return warnings
  if (isTls && port === '25') warnings.push('smtpsAt25')
  if (isTls && port === '587') warnings.push('smtpsAt587')
  if (protocol === 'smtp:' && port === '465' && !searchParams.has('starttls')) warnings.push('smtpAt465')
  return warnings
}
