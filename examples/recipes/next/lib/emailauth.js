import { createClient, InputError } from '@emailauth/client'

let client

/** Made at the first call, because a build has no key. */
export function emailauth() {
  const { EMAILAUTH_URL: url = '', EMAILAUTH_API_KEY: apiKey = '' } = process.env
  client ??= createClient({ url, apiKey })
  return client
}

/** As the proxy in front sets it; Vercel and most others do. Without one, leave `clientIp` out. */
export const clientIp = (request) => request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
export function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
