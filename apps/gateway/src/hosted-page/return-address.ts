import { RETURN_PARAMETERS } from '@emailauth/contracts/hosted-page'
import type { Tenant } from '@emailauth/contracts/tenants'

/**
 * The URL to return to: the one asked for if it is exactly one of the tenant's, or its only one when none is
 * asked for. undefined: the page must not be shown, because it would have no way back.
 */
export function returnUrlOf({ settings: { returnUrls } }: Tenant, asked: unknown): string | undefined {
  if (asked === undefined || asked === '') return returnUrls.length === 1 ? returnUrls[0] : undefined
  return returnUrls.find((url) => url === asked)
}

/** The URL with what the external server exchanges. */
export function withResult(returnUrl: string, identityId: string, result: string): string {
  const url = new URL(returnUrl)
  url.searchParams.append(RETURN_PARAMETERS.identityId, identityId)
  url.searchParams.append(RETURN_PARAMETERS.result, result)
  return url.href
}

/** `a•••@example.com`: enough to know the mailbox, too little to write to it. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const [first = ''] = email
  return `${first}•••${email.slice(at)}`
}
