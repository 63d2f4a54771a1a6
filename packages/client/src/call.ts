import { type EmailauthError, UnreachableError } from './error.ts'
import { createHooks, type Hooks } from './hooks.ts'
import { generateIdempotencyKey } from './idempotency-key.ts'
import { noteReply } from './reply-info.ts'
import { isRetryable, type RetryOptions, retryDelayMs } from './retry.ts'
import { post } from './send.ts'
import { abortAfter, pause } from './timing.ts'

/** Options of one call. What is absent is taken from the client. */
export interface RequestOptions {
  /**
   * Aborts the call, which rejects with the signal's reason. A request that was sent may still take effect.
   */
  readonly signal?: AbortSignal | undefined
  /** The whole call, retries and pauses included, in milliseconds. */
  readonly timeoutMs?: number | undefined
  /** How often it is sent again. Only calls that can be repeated without effect are. */
  readonly maxRetries?: number | undefined
}

export interface CallOptions {
  /** The whole address of the GraphQL endpoint. */
  readonly endpoint: URL
  readonly apiKey: string
  readonly fetch: typeof globalThis.fetch
  readonly userAgent: string | undefined
  /** The whole call takes no longer than this. */
  readonly timeoutMs: number
  readonly retry: RetryOptions
  readonly hooks: Hooks
}

/** How the features call the gateway; `field` is the one top-level field that the document asks for. */
export interface Call {
  /** Sent once. After a lost reply the caller decides what to do. */
  once<Result>(field: string, document: string, variables: object, options?: RequestOptions): Promise<Result>
  /** A query: it changes nothing, so that it may be sent again. */
  read<Result>(field: string, document: string, variables: object, options?: RequestOptions): Promise<Result>
  /** A mutation with an idempotency key: sent again under the same key it still takes effect once. */
  repeatable<Result>(
    field: string,
    document: string,
    input: { readonly idempotencyKey?: string | null | undefined } | null | undefined,
    options?: RequestOptions,
  ): Promise<Result>
  /** Any document; the whole `data`. */
  raw<Data>(document: string, variables: object, options?: RequestOptions): Promise<Data>
}

interface Operation {
  /** Of the field, for hooks and errors. */
  readonly name: string
  readonly document: string
  readonly variables: object
  readonly attempts: number
}

export function createCall(client: CallOptions): Call {
  const hooks = createHooks(client.hooks)

  async function call(
    { name: operation, document, variables, attempts }: Operation,
    { signal, timeoutMs = client.timeoutMs }: RequestOptions,
  ): Promise<Record<string, unknown>> {
    signal?.throwIfAborted()
    const body = JSON.stringify({ query: document, variables })
    const endsAt = performance.now() + timeoutMs
    for (let attempt = 1; ; attempt += 1) {
      const remaining = Math.max(endsAt - performance.now(), 1)
      // Each attempt gets an equal part of what is left, so that a lost reply leaves time for the next one.
      const deadline = abortAfter(remaining / (attempts - attempt + 1), signal)
      const started = performance.now()
      const info = { operation, attempt }
      const headers = headersOf(client)
      hooks.request({ ...info, headers })
      try {
        const { data, reply } = await post({ ...client, headers, body, deadline, timeoutMs })
        hooks.response({ ...info, ...reply, durationMs: performance.now() - started })
        for (const value of Object.values(data)) noteReply(value, reply)
        return data
      } catch (error) {
        const mayRetry = attempt < attempts && isRetryable(error) && !signal?.aborted
        const never = Number.POSITIVE_INFINITY
        const delay = mayRetry ? (retryDelayMs(error, attempt, client.retry) ?? never) : never
        const willRetry = delay < endsAt - performance.now()
        hooks.error({ ...info, error, willRetry, durationMs: performance.now() - started })
        if (!willRetry) throw error
        await pause(delay, signal)
      } finally {
        deadline.clear()
      }
    }
  }

  const attemptsOf = (options: RequestOptions) =>
    1 + Math.max(0, options.maxRetries ?? client.retry.maxRetries)

  async function field<Result>(operation: Operation, options: RequestOptions) {
    const data = await call(operation, options)
    const { name } = operation
    // The document asks for this type; it was generated from the schema.
    if (data[name] !== undefined) return data[name] as Result
    throw lacking(client.endpoint, name)
  }

  return {
    once: (name, document, variables, options = {}) =>
      field({ name, document, variables, attempts: 1 }, options),
    read: (name, document, variables, options = {}) =>
      field({ name, document, variables, attempts: attemptsOf(options) }, options),
    repeatable(name, document, input, options = {}) {
      // A caller without types may pass nothing. The gateway then says which fields it needs.
      const idempotencyKey = input?.idempotencyKey ?? generateIdempotencyKey()
      const variables = { input: { ...input, idempotencyKey } }
      return field({ name, document, variables, attempts: attemptsOf(options) }, options)
    },
    async raw<Data>(document: string, variables: object, options: RequestOptions = {}) {
      // The caller wrote the document and says its type.
      return (await call({ name: 'graphql', document, variables, attempts: 1 }, options)) as Data
    },
  }
}

/** New ones for each attempt, because a hook may add some. */
function headersOf({ apiKey, userAgent }: CallOptions): Headers {
  return new Headers({
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  })
}

function lacking(endpoint: URL, name: string): EmailauthError {
  return new UnreachableError('UNREACHABLE', `The answer of ${endpoint.origin} lacks "${name}".`)
}
