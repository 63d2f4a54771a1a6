import { z } from 'zod'
import { callNames, identityId, tenantId } from './common.ts'
import { hasHost, URL_HOST_RULE } from './url-host.ts'
import { verificationRequest } from './verifications.ts'

/** How long a result of the hosted page can be exchanged, in seconds: as long as a slow redirect takes. */
export const RESULT_SECONDS = 120

/** Query parameters of the URL that the hosted page returns to. */
export const RETURN_PARAMETERS = { identityId: 'identityId', result: 'result' } as const

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * A URL that the hosted page may return to. It is compared as a whole, character by character: a prefix or a
 * pattern would be an open redirect as soon as a page below it redirects.
 */
export const returnUrl = z
  .string()
  .max(1000)
  .regex(/^[\x21-\x7e]+$/, 'must be a URL in ASCII without spaces')
  .refine(
    (text) => isReturnUrl(text),
    'must be an https:// URL (or http://localhost), without credentials, fragment, identityId and result',
  )

function isReturnUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || text.includes('#') || url.username !== '' || url.password !== '') return false
  // As browsers read it. Otherwise what an admin sees might not be where a person goes.
  if (url.href !== text && url.href !== `${text}/`) return false
  if (Object.values(RETURN_PARAMETERS).some((name) => url.searchParams.has(name))) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
}

/** The same as it is set. Earlier versions have stored URLs without a host that can exist. */
export const returnUrlToSet = returnUrl.refine(hasHost, URL_HOST_RULE)

/** A one-time result: 32 bytes in base64url. */
export const hostedResult = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is no result of the hosted page')

/** `POST /v1/hosted-verifications`: trade a number for a result, which trades for the token once. */
export const hostedVerificationRequest = verificationRequest
  .extend({ identityId: identityId, result: hostedResult })
  .meta({ id: 'HostedVerificationRequest' })
export type HostedVerificationRequest = z.infer<typeof hostedVerificationRequest>

/** `POST /v1/exchanges`: trade a result for the token, once. */
export const exchangeRequest = z
  .object({
    tenantId,
    ...callNames,
    identityId: z
      .string()
      .max(100)
      .describe('The one that `register` gave, from the session of the person who came back'),
    result: z.string().max(256).describe('The parameter `result` of the URL that the person came back to'),
  })
  .meta({ id: 'ExchangeRequest' })
export type ExchangeRequest = z.infer<typeof exchangeRequest>
