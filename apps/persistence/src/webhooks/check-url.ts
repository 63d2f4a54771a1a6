import { isPrivateHost } from '@emailauth/service/network/public-address'

export interface WebhookUrlRules {
  /** Whether an endpoint may be in our own networks. */
  readonly allowPrivate: boolean
  /** Whether it may be called without TLS. */
  readonly allowPlaintext: boolean
}

/** Why a URL is not taken, in a sentence. What its host resolves to is checked at each connection. */
export function urlFault(url: string, { allowPrivate, allowPlaintext }: WebhookUrlRules): string | undefined {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'https:' && !allowPlaintext) return 'url must begin with https://.'
  if (!allowPrivate && isPrivateHost(hostname))
    return 'url must name a host with a public address; this system calls no others.'
  return undefined
}
