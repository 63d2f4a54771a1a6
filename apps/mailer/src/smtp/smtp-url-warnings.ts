import { isLoopback } from '@emailauth/contracts/loopback'

/**
 * What is unusual in the URLs of relays, which `parseSmtpUrls` accepts: a port at which most servers speak
 * the other scheme. One's own relay or tunnel may speak it, so this does not stop the start.
 */
export function smtpUrlWarnings(urls: string): readonly string[] {
  return urls
    .split(',')
    .map((text) => text.trim())
    .filter((text) => URL.canParse(text))
    .flatMap((text) => warningsOfOne(new URL(text)))
}

function warningsOfOne({ protocol, port, hostname, searchParams }: URL): readonly string[] {
  const isTls = protocol === 'smtps:'
  const options =
    isTls && searchParams.has('starttls')
      ? ['starttls is an option of smtp:// and is not used: smtps:// speaks TLS from the first byte.']
      : []
  if (isLoopback(hostname)) return options
  if (isTls && (port === '25' || port === '587'))
    return [
      ...options,
      `Most servers speak STARTTLS at port ${port}, and no smtps://. If mails do not leave, use smtp://host:${port} or smtps://host:465.`,
    ]
  if (!isTls && port === '465' && !searchParams.has('starttls'))
    return [
      'Most servers speak TLS from the first byte at port 465, and no smtp://. If mails do not leave, use smtps://host:465 or smtp://host:587.',
    ]
  return options
}
