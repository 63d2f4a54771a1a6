/** An OAuth 2 endpoint that trades a refresh token for access tokens. */
export interface TokenEndpoint {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface AccessToken {
  readonly token: string
  /** Unix milliseconds; 0: the endpoint did not say. */
  readonly expiresAtMs: number
}

/** Of a whole answer. Those of the providers take a second and have 3 KiB. */
export const FETCH_LIMITS = { timeoutMs: 30_000, maxBytes: 64 * 1024 }

/**
 * Trades a refresh token for an access token (RFC 6749, section 6). Not by nodemailer, which believes any
 * certificate, follows redirects, and reads an answer without an end for ever.
 * @throws {Error} whose message shows nothing that the endpoint wrote but the name of an OAuth error
 */
export async function fetchToken(
  { tokenUrl, clientId, clientSecret }: TokenEndpoint,
  refreshToken: string,
  { timeoutMs, maxBytes } = FETCH_LIMITS,
): Promise<AccessToken> {
  const ended = new AbortController()
  const late = setTimeout(
    () => ended.abort(new Error('The token endpoint did not answer in time.')),
    timeoutMs,
  )
  try {
    const reply = await fetch(tokenUrl, {
      method: 'POST',
      redirect: 'error',
      signal: ended.signal,
      body: new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
        grant_type: 'refresh_token',
      }),
    })
    return readToken(await textOf(reply, maxBytes))
  } finally {
    clearTimeout(late)
    // Ends what was not read.
    ended.abort()
  }
}

async function textOf({ body }: Response, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body ?? []) {
    length += piece.length
    if (length > maxBytes) throw new Error('The answer of the token endpoint is too long.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

function readToken(text: string): AccessToken {
  const { access_token: token, expires_in: seconds, error } = fieldsOf(text)
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) {
    const livesMs = Math.max(Number(seconds) || 0, 0) * 1000
    return { token, expiresAtMs: livesMs === 0 ? 0 : Date.now() + livesMs }
  }
  const name = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? `: ${error}` : ''
  throw new Error(`The token endpoint gave no access token${name}.`)
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text)
    return typeof fields === 'object' && fields !== null ? { ...fields } : {}
  } catch {
    return {}
  }
}
