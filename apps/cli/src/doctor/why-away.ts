/** Why nothing that was asked over HTTP has answered, and what to do about it where that is known. */
export interface WhyAway {
  readonly detail: string
  readonly fix?: string
}

const NOT_HTTP: WhyAway = {
  detail: 'what answers there is not emailauth',
  fix: 'Give the URL of the gateway, and its port: EMAILAUTH_URL, --url or the profile.',
}
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/

/** What the errors of `fetch` mean to somebody who mistyped a URL. */
export function whyAway(url: string, error: unknown): WhyAway {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    return {
      detail: 'this is no URL of a gateway',
      fix: 'It begins with http:// or https://, for example http://127.0.0.1:4000.',
    }
  if (error instanceof SyntaxError) return NOT_HTTP
  const causes = causesOf(error)
  // Since Node 24 such an error has no code.
  if (causes.some(({ name }) => name === 'HTTPParserError')) return NOT_HTTP
  const code = codeOf(causes)
  if (code === undefined) return { detail: 'it does not answer' }
  if (code === 'ENOTFOUND')
    return { detail: `its host name has no address (${code})`, fix: 'Correct the name, or add it to DNS.' }
  if (code === 'ECONNREFUSED') return { detail: `it does not answer: nothing listens there (${code})` }
  if (code.startsWith('ERR_SSL_'))
    return {
      detail: `what answers there speaks no TLS (${code})`,
      fix: 'If the gateway has no certificate, its URL begins with http://.',
    }
  if (code === 'CERT_HAS_EXPIRED')
    return {
      detail: `its certificate has expired (${code})`,
      fix: 'Renew it, and see that the clock is right.',
    }
  if (UNTRUSTED.test(code))
    return {
      detail: `its certificate is not trusted here (${code})`,
      fix: 'Use the name of the certificate; for an authority of your own, set NODE_EXTRA_CA_CERTS to its file.',
    }
  return { detail: `it does not answer (${code})` }
}

/** How deep `fetch` hides the reason of its failure, with some to spare. */
const CAUSES = 5

/** An error and what caused it. */
function causesOf(thrown: unknown): readonly Error[] {
  const causes: Error[] = []
  for (let error = thrown; causes.length < CAUSES && error instanceof Error; error = error.cause)
    causes.push(error)
  return causes
}

function codeOf(causes: readonly Error[]): string | undefined {
  for (const cause of causes) if ('code' in cause && typeof cause.code === 'string') return cause.code
  return undefined
}
