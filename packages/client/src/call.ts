import { EmailauthError } from './error.ts'
import { readReply } from './reply.ts'

export interface CallOptions {
  /** The whole address of the GraphQL endpoint. */
  readonly endpoint: URL
  readonly apiKey: string
  readonly fetch: typeof globalThis.fetch
  /** One attempt takes no longer than this. */
  readonly timeoutMs: number
}

/** How the features speak to the gateway; `field` is the one top-level field that the document asks for. */
export interface Call {
  /** Sent one time; a lost reply is the caller's to judge. */
  once<Result>(field: string, document: string, variables: object): Promise<Result>
  /**
   * A mutation that bears an idempotency key: when the reply is lost or the service is away for a moment it is sent a
   * second time under the same key, so that it still takes effect once.
   */
  repeatable<Result>(
    field: string,
    document: string,
    input: { readonly idempotencyKey?: string | undefined },
  ): Promise<Result>
}

/** The pause before the second attempt, unless the server asks for another; never longer than the latter. */
const PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1000

export function createCall(options: CallOptions): Call {
  const once = async <Result>(field: string, document: string, variables: object): Promise<Result> => {
    const data = await send(options, JSON.stringify({ query: document, variables }))
    if (data[field] === undefined) {
      throw new EmailauthError('UNREACHABLE', `The answer of ${options.endpoint.origin} lacks "${field}".`)
    }
    return data[field] as Result
  }
  return {
    once,
    async repeatable(field, document, input) {
      const variables = {
        input: { ...input, idempotencyKey: input.idempotencyKey ?? generateIdempotencyKey() },
      }
      try {
        return await once(field, document, variables)
      } catch (error) {
        if (!isPassing(error)) throw error
        await pause(Math.min((error.retryAfterSeconds ?? 0) * 1000 || PAUSE_MS, LONGEST_PAUSE_MS))
        return once(field, document, variables)
      }
    },
  }
}

async function send({ endpoint, apiKey, fetch, timeoutMs }: CallOptions, body: string) {
  let response: Response
  let text: string
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body,
      // The key goes where it was meant to go and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    text = await response.text()
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
    const what = timedOut ? `did not answer within ${timeoutMs} ms` : 'cannot be reached'
    throw new EmailauthError('UNREACHABLE', `emailauth at ${endpoint.origin} ${what}.`, { cause })
  }
  return readReply(response, text, endpoint.origin)
}

function isPassing(error: unknown): error is EmailauthError {
  return (
    error instanceof EmailauthError && (error.code === 'UNREACHABLE' || error.code === 'SERVICE_UNAVAILABLE')
  )
}

/** 128 random bits in hex. `crypto.randomUUID` is missing on pages that were loaded without TLS. */
function generateIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
